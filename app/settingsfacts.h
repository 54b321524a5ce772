#pragma once

#include "app/engine.h"
#include "ui/settings/authorityfield.h"
#include "ui/settings/datapage.h"
#include "ui/settings/networkpage.h"

namespace app {

// What Settings asks of the machine. All of it runs in the thread pool and ends in the main thread.

[[nodiscard]] ui::NetworkFacts networkFacts(Engine &engine); //!< \p engine must outlive it.
[[nodiscard]] ui::CertificatesIn certificatesIn();
[[nodiscard]] ui::DataFacts dataFacts(Engine &engine); //!< \p engine must outlive it.

} // namespace app
