//! What every engine must do, as cases. For engines' tests; programs have no use for it.
