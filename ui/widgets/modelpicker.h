#pragma once

#include "core/base/picousd.h"
#include "ui/widgets/filterpopup.h"

#include <cstdint>
#include <optional>

namespace ui {

//! Whether a model can answer now.
enum class ModelState { Ready, NoKey, Local };

//! A model as the picker shows it.
struct ModelRow
{
    QString id;      //!< The owner's own name of the target; unique.
    QString section; //!< Favourites, Recent, or the provider's name.
    QString provider, providerName;
    QString model; //!< The provider's id, verbatim.
    QString name;  //!< For people; empty: the id.
    std::optional<std::int64_t> contextTokens;
    std::optional<core::PicoUsd> inputPerMillion, outputPerMillion;
    std::optional<core::Cost> expected; //!< Of the next message there.
    ModelState state = ModelState::Ready;
    bool onlyFound = false; //!< As PopupRow's.
};

//! \p row as a line of a FilterPopup: found by name, id and provider.
[[nodiscard]] PopupRow popupRow(const ModelRow &row, const Theme &theme);

} // namespace ui
