#pragma once

#include "ui/settings/providerpage.h"
#include "ui/settings/settingslist.h"

namespace ui {

//! \p provider in the list of providers: how the user proves himself there, what was learnt of it
//! last, and its health where there is evidence.
[[nodiscard]] SettingsRow providerRow(const core::ProviderInfo &provider,
                                      const ProviderPageParts &parts);

} // namespace ui
