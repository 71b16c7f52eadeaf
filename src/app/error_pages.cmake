# SPDX-License-Identifier: Apache-2.0
# Makes one C++ source of docs/errors/*.md and the shipped procedure, so that `resolute explain` and `init` work without the
# documents beside them.
# Included, it adds the source to the library; run as a script (-DPAGES=… -DPROCEDURE=… -DOUTPUT=…), it writes it.
if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB pages ${PAGES}/*.md)
  list(SORT pages)
  set(rows "")
  foreach(file IN LISTS pages)
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "\\.md$" "" code ${name})
    file(READ ${file} page)
    string(APPEND rows "    {\"${code}\", R\"page(${page})page\"},\n")
  endforeach()
  # A string literal ends at 64 KiB on some compilers; the document is far below.
  file(READ ${PROCEDURE} procedure)
  file(WRITE ${OUTPUT} "// Made of docs/errors/*.md and procedures/customer-support.md.
#include \"app/error_pages.h\"
#include \"app/shipped.h\"

namespace resolute::app {

const std::vector<ErrorPage>& error_pages() {
    static const std::vector<ErrorPage> all{
${rows}    };
    return all;
}

std::string_view shipped_procedure() { return R\"page(${procedure})page\"; }

}  // namespace resolute::app
")
else()
  set(error_pages_source ${CMAKE_CURRENT_BINARY_DIR}/error_pages.cpp)
  file(GLOB error_pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/errors/*.md)
  add_custom_command(
    OUTPUT ${error_pages_source}
    COMMAND ${CMAKE_COMMAND} -DPAGES=${CMAKE_SOURCE_DIR}/docs/errors
            -DPROCEDURE=${CMAKE_SOURCE_DIR}/procedures/customer-support.md -DOUTPUT=${error_pages_source} -P ${CMAKE_CURRENT_LIST_DIR}/error_pages.cmake
    DEPENDS ${error_pages} ${CMAKE_SOURCE_DIR}/procedures/customer-support.md ${CMAKE_CURRENT_LIST_DIR}/error_pages.cmake
    COMMENT "Embedding the error pages"
    VERBATIM)
  target_sources(resolute_app PRIVATE ${error_pages_source})
endif()
