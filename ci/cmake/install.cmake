# cmake --install, and find_package(wheatstone) for users' own tests.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/wheatstone)
set(scenarios_dir ${CMAKE_INSTALL_DATADIR}/wheatstone/scenarios)

get_property(floors GLOBAL PROPERTY WHEATSTONE_FLOORS)
list(JOIN floors ", wheatstone::" floors_list)
list(TRANSFORM floors PREPEND wheatstone_ OUTPUT_VARIABLE floor_targets)
install(
  TARGETS ${floor_targets}
  EXPORT wheatstone
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wheatstone)
install(EXPORT wheatstone NAMESPACE wheatstone:: FILE wheatstone-targets.cmake DESTINATION ${package_dir})

configure_package_config_file(
  ci/cmake/wheatstone-config.cmake.in ${PROJECT_BINARY_DIR}/wheatstone-config.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS scenarios_dir)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/wheatstone-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/wheatstone-config.cmake ${PROJECT_BINARY_DIR}/wheatstone-config-version.cmake
              ci/cmake/dependencies.cmake DESTINATION ${package_dir})

if(TARGET wheatstone)
  install(TARGETS wheatstone RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY scenarios/ DESTINATION ${scenarios_dir} OPTIONAL)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
