# SPDX-License-Identifier: Apache-2.0
# One target a folder. resolute_folder(mail DEPENDS base json LIBRARIES PkgConfig::GMIME) makes the static library
# resolute_mail of src/mail/**.cpp and, of its *_test.cpp, the program mail_test. A main.cpp belongs to a program, not to the library.

function(resolute_folder name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES" ${ARGN})
  set(dir ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${dir}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_(test|fuzz|bench)|/main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  string(REPLACE "/" "_" flat ${name})
  set(target resolute_${flat})
  list(TRANSFORM ARG_DEPENDS PREPEND resolute_)
  list(TRANSFORM ARG_DEPENDS REPLACE "/" "_")
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${target} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_LIBRARIES})
    resolute_precompile(${target})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${target} INTERFACE ${ARG_DEPENDS})
  endif()

  if(RESOLUTE_TESTS AND tests)
    resolute_test(${flat}_test SOURCES ${tests} DEPENDS ${target})
    target_link_libraries(${flat}_test PRIVATE ${ARG_LIBRARIES})
  endif()
endfunction()

# The standard headers that nearly every file needs, compiled once and shared.
function(resolute_precompile target)
  if(NOT TARGET resolute_precompiled)
    file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "// Holds the shared precompiled header.\n")
    add_library(resolute_precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
    target_precompile_headers(resolute_precompiled PRIVATE
      <algorithm> <chrono> <expected> <functional> <map> <memory> <mutex> <optional> <set> <string> <string_view>
      <unordered_map> <utility> <variant> <vector>)
  endif()
  target_precompile_headers(${target} REUSE_FROM resolute_precompiled)
endfunction()

# A GoogleTest program; its cases run in parallel under ctest, each in a process of its own only where SERIAL is not given.
function(resolute_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE RESOLUTE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  # The shared precompiled header was made with -fPIC; an executable's -fPIE would not fit it.
  target_compile_options(${name} PRIVATE -fPIC)
  resolute_precompile(${name})
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
