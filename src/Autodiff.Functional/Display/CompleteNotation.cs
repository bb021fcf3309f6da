// The notation of formulas as plain text that leaves nothing out, so that they can be read back.

namespace Autodiff.Functional.Display;

/// <summary>Plain text with all elements of constants, and with the functions inside programs in full.</summary>
/// <param name="names">The names of the formula, from which terms inside functions get theirs.</param>
internal sealed class CompleteNotation(Names names) : TextNotation
{
    public override int LargestList => int.MaxValue;

    public override bool IsComplete => true;

    public override string NextName() => names.Next("t");
}
