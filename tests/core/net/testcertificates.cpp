#include "tests/core/net/testcertificates.h"

#include <QFile>
#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>

namespace tests {

bool TestCertificates::make()
{
    const QString here = QStringLiteral("IP:127.0.0.1");
    return authority(QStringLiteral("ca")) && authority(QStringLiteral("other-ca")) &&
           leaf(QStringLiteral("good"), QStringLiteral("ca"), here,
                QStringLiteral("21250101000000Z")) &&
           leaf(QStringLiteral("expired"), QStringLiteral("ca"), here,
                QStringLiteral("20200201000000Z")) &&
           leaf(QStringLiteral("wrong-host"), QStringLiteral("ca"),
                QStringLiteral("DNS:gate.example,IP:127.0.0.2"),
                QStringLiteral("21250101000000Z")) &&
           leaf(QStringLiteral("unknown-root"), QStringLiteral("other-ca"), here,
                QStringLiteral("21250101000000Z")) &&
           run(QStringLiteral("cat unknown-root.pem other-ca.pem > chain.pem && "
                              "mv chain.pem unknown-root.pem && "
                              "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 "
                              "-addext subjectAltName=IP:127.0.0.1 -days 365 "
                              "-keyout self-signed.key -out self-signed.pem"));
}

QSslConfiguration TestCertificates::server(const QString &leaf) const
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(
        QSslCertificate::fromPath(path(leaf + QStringLiteral(".pem")), QSsl::Pem));
    QFile key(path(leaf + QStringLiteral(".key")));
    if (key.open(QIODevice::ReadOnly))
        tls.setPrivateKey(QSslKey(&key, QSsl::Rsa));
    tls.setPeerVerifyMode(QSslSocket::VerifyNone); // of clients
    return tls;
}

bool TestCertificates::run(const QString &commands)
{
    QProcess shell;
    shell.setWorkingDirectory(m_dir.path());
    shell.start(QStringLiteral("sh"), {QStringLiteral("-ec"), commands});
    const bool ended = shell.waitForFinished(30'000);
    if (ended && shell.exitStatus() == QProcess::NormalExit && shell.exitCode() == 0)
        return true;
    m_error = QString::fromUtf8(shell.readAllStandardError());
    return false;
}

bool TestCertificates::authority(const QString &name)
{
    return run(QStringLiteral("openssl req -x509 -newkey rsa:2048 -nodes -subj '/CN=Test %1' "
                              "-days 3650 -keyout %1.key -out %1.pem; : > %1.index; "
                              "mkdir -p %1.certs")
                   .arg(name));
}

bool TestCertificates::leaf(const QString &name, const QString &authority,
                            const QString &subjectAltName, const QString &end)
{
    // "openssl ca" alone takes a beginning and an end that lie in the past.
    return run(
        QStringLiteral(
            "printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=%2.index\\nnew_certs_dir=%2.certs\\n"
            "rand_serial=yes\\ndefault_md=sha256\\npolicy=p\\nunique_subject=no\\n"
            "[p]\\ncommonName=supplied\\n[leaf]\\nsubjectAltName=%3\\n' > %1.cnf; "
            "openssl req -newkey rsa:2048 -nodes -subj /CN=%1 -keyout %1.key -out %1.csr; "
            "openssl ca -batch -notext -config %1.cnf -extensions leaf -in %1.csr "
            "-out %1.pem -cert %2.pem -keyfile %2.key -startdate 20200101000000Z "
            "-enddate %4")
            .arg(name, authority, subjectAltName, end));
}

} // namespace tests
