// Wherever a living secret stands in a text, plain, percent or base64, it does not come out.
#include "core/base/redactor.h"
#include "tests/fuzz/fuzzinput.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const QByteArray Secret("fz+Key/0123456789=abcDEF");
    static const bool registered = (core::Redactor::instance().add(Secret), true);
    REQUIRE(registered);
    fuzz::Input input(data, size);
    const QByteArray forms[] = {Secret, Secret.toPercentEncoding(), Secret.toBase64()};
    const QByteArray &form = forms[input.choose(2)];
    QByteArray text = input.copy();
    text.insert(input.choose(text.size()), form);
    const QString shown = core::redacted(QString::fromUtf8(text));
    for (const QByteArray &each : forms)
        REQUIRE(!shown.contains(QString::fromLatin1(each)));
    return 0;
}
