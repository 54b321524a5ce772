#include "ui/shell/mainwindow.h"

#include "ui/shell/shortcutsheet.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/notice.h"

#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int RailBelow = 1100;
constexpr auto UndoTime = std::chrono::seconds(10);
constexpr int TextStep = 10; // percent

} // namespace

MainWindow::MainWindow(ThemeSource &theme, const std::array<MakeScreen, 4> &screens,
                       std::function<bool()> mayClose,
                       std::function<void(const QByteArray &)> saveGeometry)
    : m_theme(theme)
    , m_mayClose(std::move(mayClose))
    , m_saveGeometry(std::move(saveGeometry))
    , m_sidebar(new Sidebar(theme))
    , m_screens(screens)
    , m_stack(new QStackedWidget)
    , m_banner(new NoticeBar(theme))
    , m_undoBar(new NoticeBar(theme))
{
    setWindowTitle(tr("Farthing"));
    // Drawn from SVG in each size that a desktop may want: the window comes first.
    QTimer::singleShot(0, this, [this] { setWindowIcon(applicationIcon()); });
    setMinimumSize(880, 440);
    build();
    buildKeys();
    connect(m_sidebar, &Sidebar::placeChosen, this, &MainWindow::setPlace);
    connect(m_sidebar, &Sidebar::newChatRequested, this, [this] { trigger(Command::NewChat); });
    connect(m_sidebar, &Sidebar::searchRequested, this, [this] { trigger(Command::Palette); });
    connect(m_banner, &NoticeBar::actionChosen, this, [this](int action) {
        m_banner->hide();
        Q_EMIT bannerActionChosen(action);
    });
    connect(m_undoBar, &NoticeBar::actionChosen, this, [this] {
        m_undoBar->hide();
        ++m_undoCount; // what is taken back does not expire
        if (m_offers.isEmpty())
            return;
        const Offer taken = m_offers.takeLast();
        // Its button stands in the same place: what began as one double click takes one back.
        QTimer::singleShot(QApplication::doubleClickInterval(), this, [this, took = m_undoCount] {
            if (took == m_undoCount && !m_offers.isEmpty())
                showLastOffer();
        });
        taken.undo();
    });
}

void MainWindow::ensureScreen(Place place)
{
    const auto index = static_cast<std::size_t>(place);
    if (const MakeScreen make = std::exchange(m_screens.at(index), {}))
        m_stack->widget(static_cast<int>(index))->layout()->addWidget(make());
}

void MainWindow::build()
{
    // Each screen stands in a page of its own, which is empty until the screen is made.
    for (std::size_t i = 0; i < m_screens.size(); ++i) {
        auto *page = new QWidget;
        auto *fill = new QVBoxLayout(page);
        fill->setContentsMargins(0, 0, 0, 0);
        m_stack->addWidget(page);
    }
    ensureScreen(Place::Chats);
    auto *central = new QWidget;
    auto *row = new QHBoxLayout(central);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_sidebar);
    auto *column = new QVBoxLayout;
    column->setSpacing(0);
    constexpr int Inset = 2 * Theme::Step;
    m_banner->setObjectName(QStringLiteral("banner"));
    m_banner->setClosable();
    m_banner->setContentsMargins(Inset, Inset, Inset, 0);
    m_undoBar->setContentsMargins(Inset, 0, Inset, Inset);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    column->addWidget(m_undoBar);
    row->addLayout(column, 1);
    setCentralWidget(central);
}

void MainWindow::buildKeys()
{
    for (const CommandInfo &info : commandTable()) {
        auto *shortcut = new QShortcut(this);
        connect(shortcut, &QShortcut::activated, this,
                [this, command = info.command] { trigger(command); });
        m_shortcuts.insert(static_cast<int>(info.command), shortcut);
    }
    setKeys(KeyMap());
    updateKeys();
}

//! Elsewhere its key is the composer's, which may have been told to send by it.
void MainWindow::updateKeys()
{
    m_shortcuts.value(static_cast<int>(Command::SendToAll))->setEnabled(place() == Place::Compare);
}

void MainWindow::setKeys(const KeyMap &keys)
{
    m_keys = keys;
    for (const CommandInfo &info : commandTable())
        m_shortcuts.value(static_cast<int>(info.command))->setKeys(keys.typedAs(info.command));
}

void MainWindow::showShortcuts()
{
    if (!m_sheet) {
        m_sheet = new ShortcutSheet(m_theme, this);
        connect(m_sheet, &ShortcutSheet::changeRequested, this,
                &MainWindow::shortcutSettingsRequested);
    }
    m_sheet->open(m_keys);
}

void MainWindow::trigger(Command command)
{
    switch (command) {
    case Command::PlaceChats:
    case Command::PlaceCompare:
    case Command::PlaceDashboard:
    case Command::PlaceSettings:
        setPlace(
            static_cast<Place>(static_cast<int>(command) - static_cast<int>(Command::PlaceChats)));
        break;
    case Command::Settings:
        setPlace(Place::Settings);
        break;
    case Command::Shortcuts:
        showShortcuts();
        break;
    case Command::ToggleSidebar:
        m_collapsed = !m_collapsed;
        updateRail();
        break;
    case Command::TextLarger:
        m_theme.setTextPercent(m_theme.textPercent() + TextStep);
        break;
    case Command::TextSmaller:
        m_theme.setTextPercent(m_theme.textPercent() - TextStep);
        break;
    case Command::TextUsual:
        m_theme.setTextPercent(100);
        break;
    case Command::FullScreen:
        setWindowState(windowState() ^ Qt::WindowFullScreen);
        break;
    case Command::Quit:
        close();
        break;
    case Command::NewChat:
    case Command::Palette:
    case Command::Find:
    case Command::SearchAll:
    case Command::ChooseModel:
    case Command::PreviousMessage:
    case Command::NextMessage:
    case Command::CopyAnswer:
    case Command::Regenerate:
    case Command::AddLane:
    case Command::SendToAll:
    case Command::ToggleDetails:
    case Command::Escape:
        break;
    }
    Q_EMIT commandTriggered(command);
}

Place MainWindow::place() const
{
    return static_cast<Place>(m_stack->currentIndex());
}

void MainWindow::setPlace(Place place)
{
    const bool changes = place != this->place();
    ensureScreen(place);
    m_sidebar->setPlace(place);
    m_stack->setCurrentIndex(static_cast<int>(place));
    updateKeys();
    if (changes) {
        Q_EMIT placeChanged(place);
    }
}

void MainWindow::showBanner(Tone tone, const QString &text, const QStringList &actions)
{
    m_banner->show(tone, text, actions);
}

void MainWindow::offerUndo(const QString &text, std::function<void()> undo)
{
    m_offers.append({text, std::move(undo)});
    showLastOffer();
}

void MainWindow::showLastOffer()
{
    m_undoBar->show(Tone::Neutral, m_offers.constLast().text, {tr("Undo")});
    const int offer = ++m_undoCount;
    QTimer::singleShot(UndoTime, this, [this, offer] {
        if (offer == m_undoCount) {
            m_offers.clear();
            m_undoBar->hide();
            Q_EMIT undoExpired();
        }
    });
}

void MainWindow::closeNow()
{
    m_closing = true;
    close();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_closing && m_mayClose && !m_mayClose()) {
        event->ignore();
        return;
    }
    if (m_saveGeometry) {
        m_saveGeometry(saveGeometry());
    }
    event->accept();
    Q_EMIT closed();
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    updateRail();
}

void MainWindow::updateRail()
{
    const bool rail = m_collapsed || width() < RailBelow;
    if (rail != m_sidebar->isRail()) {
        m_sidebar->setRail(rail);
    }
}

} // namespace ui
