#pragma once

namespace app {

//! First thing in main(): no core dumps, no reading of our memory by other processes of the user,
//! freed heap overwritten (keys), files private, and signals that would end us in mid-write
//! ignored; a closed standard file stays closed to what is opened later.
void hardenProcess();

} // namespace app
