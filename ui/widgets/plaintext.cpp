#include "ui/widgets/plaintext.h"

#include <QChar>
#include <QList>
#include <QWidget>

namespace ui {

namespace {

bool isHidden(char32_t c)
{
    const bool joinsEmoji = c == 0x200D; // its absence would take families apart
    return !joinsEmoji && (QChar::category(c) == QChar::Other_Format || c == 0x115F ||
                           c == 0x1160 || c == 0x3164 || c == 0xFFA0);
}

} // namespace

QString shownName(const QString &name)
{
    QString shown;
    shown.reserve(name.size());
    const QList<uint> points = name.toUcs4();
    for (const uint c : points) {
        const QChar::Category category = QChar::category(c);
        if (isHidden(c)) {
            shown += QStringLiteral("[U+%1]").arg(c, 4, 16, QLatin1Char('0')).toUpper();
        } else if (category == QChar::Other_Control || category == QChar::Separator_Line ||
                   category == QChar::Separator_Paragraph) {
            shown += QLatin1Char(' ');
        } else {
            shown += QChar::fromUcs4(c);
        }
    }
    return shown;
}

QString isolatedName(const QString &name)
{
    return QChar(0x2068) + shownName(name) + QChar(0x2069);
}

void setToolTipPlain(QWidget *widget, const QString &text)
{
    // QToolTip guesses; escaped text that is certainly rich is drawn as it was written.
    const auto rich = [](const QString &plain) {
        return plain.isEmpty() ? QString()
                               : QStringLiteral("<qt>%1</qt>").arg(plain.toHtmlEscaped());
    };
    // Where nothing else describes the widget, a screen reader is given its tip, mark-up and all.
    const QString said = widget->accessibleDescription();
    if (said != text && (said.isEmpty() || rich(said) == widget->toolTip()))
        widget->setAccessibleDescription(text);
    widget->setToolTip(rich(text));
}

} // namespace ui
