// The simulated Windows target: needs nothing but this program, runs in virtual time, gives every kind of
// observation except console lines.
#pragma once

#include <memory>

#include "injectors/target.hpp"

namespace wheatstone::inject {

std::unique_ptr<Target> make_simulated_target();

}  // namespace wheatstone::inject
