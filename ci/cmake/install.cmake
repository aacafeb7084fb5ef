# cmake --install, and find_package(wheatstone) for users' own tests.
include(CMakePackageConfigHelpers)
