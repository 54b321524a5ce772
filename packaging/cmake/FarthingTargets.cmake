# How every target of Farthing is made: one function a kind, so that flags live in one place.
include(CheckCXXCompilerFlag)
include(CheckPIESupported)
check_pie_supported()
# UBSan describes each of its checks in data full of addresses: some two million, which a program that may lie anywhere
# sets right at each start. The sanitized one, which the tests start a thousand times, lies where it was linked.
if(FARTHING_SANITIZE)
  set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
else()
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

add_library(farthing_options INTERFACE)
target_include_directories(farthing_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(farthing_options INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
  QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_FOREACH QT_NO_KEYWORDS QT_STRICT_ITERATORS
  QT_DISABLE_DEPRECATED_BEFORE=0x060400 QT_WARN_DEPRECATED_UP_TO=0x060400 FARTHING_VERSION="${PROJECT_VERSION}")

# Hardening (threats.md F1). Fortify needs an optimising build and hides bugs from the sanitizers.
function(farthing_use_flag flag)
  string(MAKE_C_IDENTIFIER "HAS${flag}" has)
  check_cxx_compiler_flag("${flag}" ${has})
  if(${has})
    target_compile_options(farthing_options INTERFACE ${flag})
  endif()
endfunction()
foreach(flag -fstack-protector-strong -fcf-protection)
  farthing_use_flag(${flag})
endforeach()
target_compile_definitions(farthing_options INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(farthing_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(FARTHING_SANITIZE)
  target_compile_options(farthing_options INTERFACE -fsanitize=${FARTHING_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(farthing_options INTERFACE -fsanitize=${FARTHING_SANITIZE})
  add_library(farthing_keepmodules OBJECT ${CMAKE_CURRENT_LIST_DIR}/keepmodules.cpp)
  set_target_properties(farthing_keepmodules PROPERTIES AUTOMOC OFF)
  target_sources(farthing_options INTERFACE
    $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:$<TARGET_OBJECTS:farthing_keepmodules>>)
  # Some two hundred programs with debug information: mold links them in a third of the time.
  find_program(FARTHING_MOLD mold)
  if(FARTHING_MOLD)
    target_link_options(farthing_options INTERFACE -fuse-ld=mold)
  endif()
elseif(CMAKE_BUILD_TYPE MATCHES "Rel")
  target_compile_options(farthing_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()

foreach(flag -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
             -Woverloaded-virtual -Wsuggest-override -Wuseless-cast -Wnull-dereference -Wduplicated-cond
             -Wduplicated-branches -Wlogical-op -Wformat=2 -Wextra-semi)
  # Optimising GCC 12 finds null dereferences inside Qt's own inline code.
  if(flag STREQUAL "-Wnull-dereference" AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    continue()
  endif()
  farthing_use_flag(${flag})
endforeach()
if(FARTHING_WERROR)
  target_compile_options(farthing_options INTERFACE -Werror)
endif()

# The sanitizers are there for what reads foreign bytes and counts money: core, and what draws the text of a model. The
# rest of the window, the verbs and the tests' own files are compiled in a third of the time without optimisation, and
# without UBSan, which then does not watch what a header defines inline and such a file emits.
function(farthing_compile_quickly target)
  if(FARTHING_SANITIZE)
    target_compile_options(${target} PRIVATE -O0 -fno-sanitize=undefined)
  endif()
endfunction()

function(farthing_compile_watched target)
  if(FARTHING_FUZZERS)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link) # tells a fuzz target where it was
  endif()
endfunction()

include(FarthingHeaders)

#! farthing_library(core_net FILES a.h a.cpp ... [ALONE a.cpp] LINK core_base Qt6::Network): one folder of the house.
# Unity builds compile ten files as one. ALONE are those of FILES whose unnamed namespace uses a neighbour's name for
# something of its own, as each protocol's files do on purpose.
function(farthing_library name)
  cmake_parse_arguments(ARG "" "" "FILES;ALONE;LINK;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_FILES})
  if(name MATCHES "^core_|^ui_transcript$|^ui_widgets$")
    farthing_compile_watched(${name})
    farthing_use_headers(${name} core)
  else()
    farthing_compile_quickly(${name})
    if(CMAKE_CURRENT_SOURCE_DIR MATCHES "/tests/")
      farthing_use_headers(${name} core_test)
    else()
      farthing_use_headers(${name} window)
    endif()
  endif()
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_link_libraries(${name} PUBLIC farthing_options ${ARG_LINK} PRIVATE ${ARG_PRIVATE})
endfunction()

#! farthing_test(tst_x.cpp LINK core_net ... [TIMEOUT 60] [LABELS unprivileged]): one executable a test class, run offscreen.
function(farthing_test file)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LINK;LABELS;FILES;ENV" ${ARGN})
  get_filename_component(name ${file} NAME_WE)
  add_executable(${name} ${file} ${ARG_FILES})
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(${name} PRIVATE farthing_options ${ARG_LINK} Qt6::Test)
  if(NOT ARG_FILES)
    # AUTOMOC looks for what to do by two more programs a target: a test of one file is known to take one call of moc.
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
    set(moc_folder ${CMAKE_CURRENT_BINARY_DIR}/${name}_autogen/include)
    file(MAKE_DIRECTORY ${moc_folder})
    # Without TARGET, so without its include folders: what moc looks for stands in the test's own file, and reading all
    # of Qt's headers takes it a hundred times as long.
    qt_generate_moc(${file} ${moc_folder}/${name}.moc)
    target_sources(${name} PRIVATE ${moc_folder}/${name}.moc)
    target_include_directories(${name} BEFORE PRIVATE ${moc_folder})
  endif()
  farthing_compile_quickly(${name})
  if(CMAKE_CURRENT_SOURCE_DIR MATCHES "/tests/(ui|app|bench)")
    farthing_use_headers(${name} window_test)
  else()
    farthing_use_headers(${name} core_test)
  endif()
  target_compile_definitions(${name} PRIVATE FARTHING_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    FARTHING_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 180) # a machine that builds beside the tests is slow, not broken
  endif()
  # Qt Test ends a function after 5 minutes, whatever ctest allows.
  math(EXPR function_timeout "${ARG_TIMEOUT} * 1000")
  # A sanitizer that ends a program must not look like one of the verbs' exit statuses.
  # ctest begins with what costs most: a long test that came last would leave the other cores idle.
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} COST ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "QTEST_FUNCTION_TIMEOUT=${function_timeout};QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;ASAN_OPTIONS=exitcode=86;LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/leaks.supp:print_suppressions=0;${ARG_ENV}")
endfunction()
