#pragma once

#include "core/base/picousd.h"
#include "ui/widgets/filterpopup.h"

#include <QTime>

#include <cstdint>
#include <optional>

namespace ui {

//! Whether a model can answer now.
enum class ModelState {
    Ready,
    NoKey,
    Limited, //!< Its service is at a limit, or kept failing and is left alone.
    Local
};

//! A model as the picker shows it.
struct ModelRow
{
    QString id;      //!< The owner's own name of the target; unique.
    QString section; //!< Favourites, Recent, or the provider's name.
    QString provider, providerName;
    QString region; //!< Where it computes: "eu-west-1"; empty: nobody says.
    QString model;  //!< The provider's id, verbatim.
    QString name;   //!< For people; empty: the id.
    std::optional<std::int64_t> contextTokens;
    std::optional<core::PicoUsd> inputPerMillion, outputPerMillion;
    std::optional<core::Cost> expected; //!< Of the next message there.
    bool simulated = false;             //!< That is practice money.
    ModelState state = ModelState::Ready;
    QTime limitedUntil; //!< Of Limited, by the user's clock; invalid: nobody knows.
    bool favourite = false;
    bool onlyFound = false; //!< As PopupRow's.
};

//! \p row as a line of a FilterPopup: found by name, id and provider.
[[nodiscard]] PopupRow popupRow(const ModelRow &row, const Theme &theme);

} // namespace ui
