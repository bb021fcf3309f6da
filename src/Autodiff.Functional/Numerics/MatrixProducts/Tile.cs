// Where the operands of a tile lie.

namespace Autodiff.Functional.Numerics;

/// <summary>The operands of a tile in memory, and those of the tiles at the same position in the other products of a batch.</summary>
internal unsafe struct Tile<TNumber>
    where TNumber : unmanaged
{
    public TNumber* A;
    public TNumber* B;
    public TNumber* C;
    public nint ARow;
    public nint AColumn;
    public nint BRow;
    public nint BColumn;
    public nint CRow;
    public nint CColumn;
    public nint ABatch;
    public nint BBatch;
    public nint CBatch;
    public int K;
    public int Count;

    /// <summary>How many lanes of the last register belong to the matrix; 0 stands for all.</summary>
    public int Tail;

    public bool Accumulates;
}
