#pragma once

#include "ui/dashboard/dashboardfigures.h"
#include "ui/theme/themesource.h"

#include <QList>
#include <QWidget>

#include <optional>

QT_BEGIN_NAMESPACE
class QAbstractAxis;
class QChart;
class QChartView;
class QStackedLayout;
QT_END_NAMESPACE

namespace ui {

class PlainLabel;

//! One entry of a legend: a dot of a colour, a line of a style, or a hatched box.
struct LegendEntry
{
    QColor color;
    std::optional<Qt::PenStyle> line; //!< None: a dot.
    QString text;
    bool hatched = false;
};

//! The entries of a chart in one row; those that have no room are counted at its end ("+2") and
//! named by the tooltip.
class LegendRow final : public QWidget
{
    Q_OBJECT
public:
    explicit LegendRow(const ThemeSource &theme, QWidget *parent = nullptr);
    void setEntries(const QList<LegendEntry> &entries);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] qsizetype roomFor() const; //!< How many of the entries are drawn.

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] int widthOf(qsizetype entries) const; //!< Of the first ones, and the count.
    void nameTheRest();

    const ThemeSource &m_theme;
    QList<LegendEntry> m_entries;
};

//! A label at a place of an axis.
struct AxisLabel
{
    double at = 0;
    QString text;
};

//! A card with a title, a legend and a chart of a span's steps, or a sentence where there is
//! nothing to draw. Ranges and labels of the axes are ours: Qt's would follow the first series
//! alone.
class ChartCard : public QWidget
{
    Q_OBJECT
public:
    explicit ChartCard(const ThemeSource &theme, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const;
    [[nodiscard]] QString emptyText() const; //!< What stands instead of the chart; empty: a chart.
    [[nodiscard]] QChart &chart() const { return *m_chart; }

protected:
    void setTitle(const QString &title);
    void setLegend(const QList<LegendEntry> &entries);
    void setRemark(const QString &text); //!< Below the title; empty: none.
    void showEmpty(const QString &text);
    void showChart();
    //! Takes every series and axis off.
    void clearChart();
    //! Axes for what was added: x with a place for each step of \p figures, called by its start in
    //! \p zone, y from 0 to \p yEnd, hairlines at the y labels only.
    void setAxes(const DashboardFigures &figures, const QTimeZone &zone, double yEnd,
                 const QList<AxisLabel> &yLabels);
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    [[nodiscard]] const Theme &theme() const { return m_theme.theme(); }
    [[nodiscard]] int labelRoom() const; //!< How many labels the x axis can hold.
    //! Draws all again: other colours, or room for other labels.
    virtual void redraw() = 0;

private:
    void dress();
    void fitLastLabel();
    [[nodiscard]] QAbstractAxis *axisOf(double start, double end,
                                        const QList<AxisLabel> &labels) const;

    const ThemeSource &m_theme;
    PlainLabel *m_title;
    LegendRow *m_legend;
    PlainLabel *m_remark;
    QChart *m_chart;
    QChartView *m_view;
    PlainLabel *m_empty;
    QStackedLayout *m_pages;
    int m_labelRoom = 0;     //!< As last drawn for.
    int m_topRoom = 0;       //!< Above the plot, in pixels.
    int m_besidePlot = 0;    //!< The widest label of the y axis.
    int m_lastLabel = 0;     //!< The width of the last one of the x axis...
    double m_behindLast = 1; //!< ...and how much of that axis lies behind it.
};

} // namespace ui
