# The libraries that Wheatstone stands on, listed once: the build reads this file, and so does find_package(wheatstone)
# through the installed package. ci/packages.txt names the Debian packages that hold them.

# The build cannot go on without a library; in the package, find_package(wheatstone) reports what is missing.
macro(wheatstone_dependency)
  if(CMAKE_FIND_PACKAGE_NAME STREQUAL "wheatstone")
    find_dependency(${ARGN})
  else()
    find_package(${ARGN} REQUIRED)
  endif()
endmacro()

wheatstone_dependency(Threads)
wheatstone_dependency(fmt)
wheatstone_dependency(yaml-cpp)
wheatstone_dependency(pugixml)
wheatstone_dependency(Boost 1.81 COMPONENTS filesystem json)
wheatstone_dependency(OpenSSL COMPONENTS Crypto SSL)
wheatstone_dependency(SQLiteCpp)
wheatstone_dependency(PkgConfig)
pkg_check_modules(GCAB REQUIRED IMPORTED_TARGET libgcab-1.0)
pkg_check_modules(MSPACK REQUIRED IMPORTED_TARGET libmspack)
