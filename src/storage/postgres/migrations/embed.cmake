# SPDX-License-Identifier: Apache-2.0
# Makes one C++ source of the migrations beside this file, in order of their names, so that the program carries them.
file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.sql)
list(SORT migrations)
set(rows "")
foreach(file IN LISTS migrations)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} sql)
  string(APPEND rows "    {\"${name}\", R\"sql(${sql})sql\"},\n")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/postgres_migrations.cpp @ONLY CONTENT
"// Made of src/storage/postgres/migrations/*.sql.
#include \"storage/postgres/migrations.h\"

namespace resolute::storage::postgres {

const std::vector<Migration>& migrations() {
    static const std::vector<Migration> all{
@rows@    };
    return all;
}

}  // namespace resolute::storage::postgres
")
target_sources(resolute_storage PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/postgres_migrations.cpp)
