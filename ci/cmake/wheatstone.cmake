# Helpers that every folder uses. Each folder adds its own sources: a new file is named in one place, beside it.

add_library(wheatstone_flags INTERFACE)
target_compile_features(wheatstone_flags INTERFACE cxx_std_23)
target_compile_options(
  wheatstone_flags
  INTERFACE $<BUILD_INTERFACE:-Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Wold-style-cast
            -Wimplicit-fallthrough
            -Werror>)

# wheatstone_floor(NAME): one library a floor, wheatstone::NAME.
function(wheatstone_floor name)
  add_library(wheatstone_${name} STATIC)
  add_library(wheatstone::${name} ALIAS wheatstone_${name})
  set_target_properties(wheatstone_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(wheatstone_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                       $<INSTALL_INTERFACE:include/wheatstone>)
  target_compile_features(wheatstone_${name} PUBLIC cxx_std_23)
  target_link_libraries(wheatstone_${name} PRIVATE $<BUILD_INTERFACE:wheatstone_flags>)
endfunction()

# wheatstone_test(NAME SOURCES... [LIBS targets...]): a GoogleTest program; each of its tests is a ctest of its own.
function(wheatstone_test name)
  if(NOT WHEATSTONE_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "LIBS" ${ARGN})
  add_executable(test_${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(test_${name} PRIVATE ${arg_LIBS} wheatstone_flags GTest::gtest GTest::gmock GTest::gtest_main)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(test_${name} PRIVATE WHEATSTONE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60)
endfunction()

# wheatstone_fuzz(NAME SOURCE SEEDS dir [LIBS targets...]): a fuzz target. With the fuzz preset it is a libFuzzer
# program fuzz_NAME; in an ordinary test build the same source replays SEEDS as ctest fuzz.NAME.
function(wheatstone_fuzz name source)
  cmake_parse_arguments(arg "" "SEEDS" "LIBS" ${ARGN})
  if(WHEATSTONE_FUZZ)
    add_executable(fuzz_${name} ${source})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  elseif(WHEATSTONE_TESTS)
    add_executable(fuzz_${name} ${source} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cpp)
    add_test(NAME fuzz.${name} COMMAND fuzz_${name} ${arg_SEEDS})
  else()
    return()
  endif()
  target_link_libraries(fuzz_${name} PRIVATE ${arg_LIBS} wheatstone_flags)
  target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR})
endfunction()
