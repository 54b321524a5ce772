#include "ui/settings/datapage.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/plainlabel.h"

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QLocale>
#include <QVBoxLayout>

namespace ui {

DataPage::DataPage(const ThemeSource &theme, DataFacts facts, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_facts(std::move(facts))
    , m_newest(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_result(new PlainLabel(theme, TextRole::Body, {}, this))
    , m_now(new PillButton(theme, ButtonLook::Outline, tr("Back up now"), this))
    , m_elsewhere(new PillButton(theme, ButtonLook::Outline, tr("Back up elsewhere"), this))
    , m_freed(new PlainLabel(theme, TextRole::Body, {}, this))
    , m_clear(new PillButton(theme, ButtonLook::Outline, tr("Delete cached answers"), this))
{
    setObjectName(QStringLiteral("dataPage"));
    m_newest->setObjectName(QStringLiteral("newestBackup"));
    m_result->setObjectName(QStringLiteral("backupResult"));
    m_now->setObjectName(QStringLiteral("backUpNow"));
    m_elsewhere->setObjectName(QStringLiteral("backUpElsewhere"));
    m_freed->setObjectName(QStringLiteral("cacheResult"));
    m_clear->setObjectName(QStringLiteral("clearCache"));
    build();
    connect(m_clear, &QAbstractButton::clicked, this, &DataPage::clearCache);
    connect(m_now, &QAbstractButton::clicked, this, [this] { backUp({}); });
    connect(m_elsewhere, &QAbstractButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Back up to"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setDefaultSuffix(QStringLiteral("db"));
        dialog->selectFile(QStringLiteral("farthing.db"));
        connect(dialog, &QFileDialog::fileSelected, this, &DataPage::backUp);
        dialog->open();
    });
}

void DataPage::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    const auto add = [&](TextRole role, const QString &text) {
        auto *label = new PlainLabel(m_theme, role, text, this);
        label->setWordWrap(role != TextRole::Heading);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(label);
        return label;
    };
    add(TextRole::Heading, tr("Data"));
    add(TextRole::Section, tr("Location"));
    add(TextRole::Body, QDir::toNativeSeparators(m_facts.folder))
        ->setObjectName(QStringLiteral("dataFolder"));
    add(TextRole::Small, tr("Chats, attachments and the ledger. Keys are not among them: they are "
                            "in the system's keychain."));
    add(TextRole::Section, tr("Backups"));
    m_newest->setWordWrap(true);
    m_newest->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_newest);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(2 * Theme::Step);
    buttons->addWidget(m_now);
    buttons->addWidget(m_elsewhere);
    buttons->addStretch(1);
    column->addLayout(buttons);
    m_result->setWordWrap(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_result->hide();
    column->addWidget(m_result);
    add(TextRole::Section, tr("Cached answers"));
    add(TextRole::Small, tr("Kept for a day, at most 256 MB, only for chats whose options say so. "
                            "Deleting any chat deletes them all."));
    column->addWidget(m_clear, 0, Qt::AlignLeading);
    m_freed->setWordWrap(true);
    m_freed->hide();
    column->addWidget(m_freed);
    column->addStretch(1);
}

void DataPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void DataPage::refresh()
{
    const QFileInfoList found =
        QDir(m_facts.backups).entryInfoList({QStringLiteral("*.db")}, QDir::Files, QDir::Time);
    const QString folder = QDir::toNativeSeparators(m_facts.backups);
    if (found.isEmpty())
        return m_newest->setText(tr("None yet. They will lie in %1").arg(folder));
    const QFileInfo &newest = found.first();
    m_newest->setText(
        tr("The newest is of %1, %2. Once a day and before each change of the database one is made "
           "in %3")
            .arg(QLocale(QLocale::English)
                     .toString(newest.lastModified(), QStringLiteral("d MMM yyyy, HH:mm")),
                 sizeText(newest.size()), folder));
}

void DataPage::clearCache()
{
    m_clear->setEnabled(false);
    core::whenReady(this, m_facts.clearCache(), [this](const core::Result<qint64> &freed) {
        m_clear->setEnabled(true);
        m_freed->setRole(freed ? TextRole::Body : TextRole::Error);
        m_freed->setText(freed ? tr("Deleted: %1").arg(sizeText(*freed))
                               : core::userText(freed.error()));
        m_freed->show();
    });
}

void DataPage::backUp(const QString &file)
{
    m_now->setEnabled(false);
    m_elsewhere->setEnabled(false);
    core::whenReady(this, m_facts.backUp(file), [this](const core::Result<QString> &done) {
        m_now->setEnabled(true);
        m_elsewhere->setEnabled(true);
        m_result->setRole(done ? TextRole::Body : TextRole::Error);
        m_result->setText(done
                              ? tr("Backed up and checked: %1").arg(QDir::toNativeSeparators(*done))
                              : core::userText(done.error()));
        m_result->show();
        refresh();
    });
}

} // namespace ui
