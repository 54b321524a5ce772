# What nearly every file includes, compiled once for all of a kind: a file then takes half the time. Only with clang:
# it takes such headers also where a target defines further macros, as each test does.
option(FARTHING_PCH "Compile the headers that nearly every file includes once (needs clang)" OFF)

set(core_headers
  <QByteArray> <QByteArrayView> <QCoreApplication> <QDateTime> <QFuture> <QFutureWatcher> <QHash> <QJsonArray>
  <QJsonDocument> <QJsonObject> <QList> <QMap> <QObject> <QPointer> <QPromise> <QRegularExpression> <QSet> <QString>
  <QStringList> <QTimer> <QUrl> <QNetworkReply> <algorithm> <array> <chrono> <functional> <map> <memory> <optional>
  <string> <utility> <variant> <vector>)
set(window_headers
  ${core_headers} <QApplication> <QGridLayout> <QHBoxLayout> <QIcon> <QKeyEvent> <QLabel> <QLineEdit> <QLocale> <QMenu>
  <QPainter> <QScrollArea> <QStandardItemModel> <QStyledItemDelegate> <QToolButton> <QWidget>)
set(test_headers <QSignalSpy> <QTemporaryDir> <QTest>)

# A target of its own for each kind: it carries the flags that the kind's targets share.
function(farthing_headers kind)
  cmake_parse_arguments(ARG "QUICK;TEST" "" "HEADERS;LINK" ${ARGN})
  set(file ${CMAKE_BINARY_DIR}/headers/${kind}.cpp)
  file(CONFIGURE OUTPUT ${file} CONTENT "// Stands for the headers of ${kind}.\n")
  add_library(headers_${kind} OBJECT EXCLUDE_FROM_ALL ${file})
  set_target_properties(headers_${kind} PROPERTIES AUTOMOC OFF UNITY_BUILD OFF)
  target_link_libraries(headers_${kind} PRIVATE farthing_options ${ARG_LINK})
  if(ARG_QUICK)
    farthing_compile_quickly(headers_${kind})
  else()
    farthing_compile_watched(headers_${kind})
  endif()
  if(ARG_TEST)
    # Not linked: that would bring what is defined for a test's own folder.
    target_include_directories(headers_${kind} SYSTEM PRIVATE $<TARGET_PROPERTY:Qt6::Test,INTERFACE_INCLUDE_DIRECTORIES>)
  endif()
  # Without the time of the headers in it, a compiler cache knows it again.
  target_compile_options(headers_${kind} PRIVATE -Xclang -fno-pch-timestamp)
  target_precompile_headers(headers_${kind} PRIVATE ${ARG_HEADERS})
endfunction()

if(FARTHING_PCH)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "FARTHING_PCH needs clang++: see the presets asan and release.")
  endif()
  farthing_headers(core HEADERS ${core_headers} LINK Qt6::Core Qt6::Network)
  farthing_headers(window QUICK HEADERS ${window_headers} LINK Qt6::Widgets Qt6::Network)
  # Programs of a release are compiled in another way than its libraries, which clang wants to hear of: there the tests,
  # of which a release has few, go without.
  if(FARTHING_TESTS AND FARTHING_SANITIZE)
    farthing_headers(core_test QUICK TEST HEADERS ${core_headers} ${test_headers} LINK Qt6::Core Qt6::Network)
    farthing_headers(window_test QUICK TEST HEADERS ${window_headers} ${test_headers} LINK Qt6::Widgets Qt6::Network)
  endif()
endif()

#! farthing_use_headers(core_net core): the target is compiled with the headers of its kind.
function(farthing_use_headers target kind)
  if(TARGET headers_${kind})
    target_precompile_headers(${target} REUSE_FROM headers_${kind})
    target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp)
  endif()
endfunction()
