#pragma once

#include <QByteArray>
#include <QString>

namespace tests {

//! Recorded responses of the real services, kept outside the project: FARTHING_RECORDINGS, else
//! ../shared/fixtures beside the source tree.
//!
//! A test that needs them starts with FARTHING_NEED_RECORDINGS(): without them it is skipped, and
//! where CI=true it fails, because a check that silently looks at nothing is none.
class Recordings
{
public:
    [[nodiscard]] static QString folder(); //!< Absolute; may not exist.
    [[nodiscard]] static bool present();
    [[nodiscard]] static bool required(); //!< CI is "true".
    [[nodiscard]] static QString
    path(const QString &name); //!< "openai/chat-text-usage.sse" below folder().
    [[nodiscard]] static QByteArray
    read(const QString &name);              //!< Gunzipped by ending .gz; empty if unreadable.
    [[nodiscard]] static QString absence(); //!< The sentence for a skip or a failure.
};

} // namespace tests

#define FARTHING_NEED_RECORDINGS()                                                                 \
    do {                                                                                           \
        if (!tests::Recordings::present()) {                                                       \
            if (tests::Recordings::required())                                                     \
                QFAIL(qPrintable(tests::Recordings::absence()));                                   \
            QSKIP(qPrintable(tests::Recordings::absence()));                                       \
        }                                                                                          \
    } while (false)
