#pragma once

#include <QSslConfiguration>
#include <QString>
#include <QTemporaryDir>

namespace tests {

//! A certificate authority and leaves of it, good and bad, made with openssl for one test run.
class TestCertificates
{
public:
    //! False if openssl is not there or failed; then error() says what it said.
    [[nodiscard]] bool make();
    [[nodiscard]] const QString &error() const { return m_error; }

    [[nodiscard]] QString authorityFile() const { return path(QStringLiteral("ca.pem")); }
    //! Of a server that shows \p leaf: "good", "expired", "wrong-host", "self-signed",
    //! "unknown-root" (whose chain brings its root along).
    [[nodiscard]] QSslConfiguration server(const QString &leaf) const;
    [[nodiscard]] QString path(const QString &file) const { return m_dir.filePath(file); }

private:
    bool run(const QString &commands);
    bool authority(const QString &name);
    bool leaf(const QString &name, const QString &authority, const QString &subjectAltName,
              const QString &end);

    QTemporaryDir m_dir;
    QString m_error;
};

} // namespace tests
