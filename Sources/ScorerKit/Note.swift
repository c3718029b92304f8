// The ELF note that marks a library as a plugin. It lies in every plugin that links ScorerKit.

/// Owner `evalhost`, type 1, and the ABI version in four bytes, as `evalhost/scorer.h` says.
// Decimal on purpose: the compiler folds no hexadecimal literal of this size in a section attribute.
@section(".note.evalhost") @used
private let note: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) =
    (9, 4, 1, 1_818_326_629, 1_953_722_216, 0, 65_536)
