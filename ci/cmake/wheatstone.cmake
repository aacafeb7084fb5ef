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
            # GCC 12 sees an overlap in every "text" + std::string at -O2 and above (GCC bug 105651).
            $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>>)

# wheatstone_floor(NAME): one library a floor, wheatstone::NAME. Every header under the floor's folder is a public header:
# it is installed with its path, and the target wheatstone_NAME_verify_interface_header_sets compiles each alone.
function(wheatstone_floor name)
  add_library(wheatstone_${name} STATIC)
  add_library(wheatstone::${name} ALIAS wheatstone_${name})
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  target_sources(wheatstone_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  set_target_properties(wheatstone_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON
                                                         VERIFY_INTERFACE_HEADER_SETS ${WHEATSTONE_TESTS})
  target_compile_features(wheatstone_${name} PUBLIC cxx_std_23)
  target_link_libraries(wheatstone_${name} PRIVATE $<BUILD_INTERFACE:wheatstone_flags>)
  set_property(GLOBAL APPEND PROPERTY WHEATSTONE_FLOORS ${name})
endfunction()

# wheatstone_test(NAME SOURCES... [LIBS targets...] [LABELS labels...]): a GoogleTest program; each of its tests is a
# ctest of its own. Tests that ask other programs have the label "witness".
function(wheatstone_test name)
  if(NOT WHEATSTONE_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "LIBS;LABELS" ${ARGN})
  add_executable(test_${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(test_${name} PRIVATE ${arg_LIBS} wheatstone_flags GTest::gtest GTest::gmock GTest::gtest_main)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(test_${name} PRIVATE WHEATSTONE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 NO_PRETTY_VALUES PROPERTIES
                       LABELS "${arg_LABELS}")
endfunction()

# wheatstone_fuzz(NAME SOURCE SEEDS dir [LIBS targets...] [MUTATES kind]): a fuzz target. With the fuzz preset it is a
# libFuzzer program fuzz_NAME, which ci/fuzz runs; in an ordinary test build the same source replays SEEDS as ctest
# fuzz.NAME. MUTATES links the mutator of harness/fuzz, which ci/fuzz tells the kind of input.
file(WRITE ${PROJECT_BINARY_DIR}/fuzz_targets.txt "")
function(wheatstone_fuzz name source)
  cmake_parse_arguments(arg "" "SEEDS;MUTATES" "LIBS" ${ARGN})
  cmake_path(ABSOLUTE_PATH arg_SEEDS BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  if(WHEATSTONE_FUZZ)
    add_executable(fuzz_${name} ${source})
    target_compile_definitions(fuzz_${name} PRIVATE WHEATSTONE_FUZZ_CAMPAIGN)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    if(arg_MUTATES)
      target_link_options(fuzz_${name} PRIVATE -Wl,--no-as-needed)
      target_link_libraries(fuzz_${name} PRIVATE wheatstone::mutator)
    endif()
    file(APPEND ${PROJECT_BINARY_DIR}/fuzz_targets.txt "${name}\t${arg_SEEDS}\t${arg_MUTATES}\n")
  elseif(WHEATSTONE_TESTS)
    add_executable(fuzz_${name} ${source} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cpp)
    add_test(NAME fuzz.${name} COMMAND fuzz_${name} ${arg_SEEDS})
  else()
    return()
  endif()
  target_link_libraries(fuzz_${name} PRIVATE ${arg_LIBS} wheatstone_flags)
  target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR})
endfunction()

# wheatstone_bench(NAME SOURCES... [LIBS targets...]): a Google Benchmark program bench_NAME, which ci/bench runs.
file(WRITE ${PROJECT_BINARY_DIR}/bench_programs.txt "")
function(wheatstone_bench name)
  if(NOT WHEATSTONE_BENCH)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "LIBS" ${ARGN})
  add_executable(bench_${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(bench_${name} PRIVATE ${arg_LIBS} wheatstone_flags benchmark::benchmark_main)
  target_include_directories(bench_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(bench_${name} PRIVATE WHEATSTONE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  file(APPEND ${PROJECT_BINARY_DIR}/bench_programs.txt "bench_${name}\n")
endfunction()
