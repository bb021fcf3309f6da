// The numbers of rows and columns of a tile, and whether its last register is full, as types: code is compiled for each combination.

namespace Autodiff.Functional.Numerics;

/// <summary>A number as a type, so that code is specialized to it.</summary>
internal interface IExtent
{
    static abstract int Value { get; }
}

internal readonly struct One : IExtent
{
    public static int Value => 1;
}

internal readonly struct Two : IExtent
{
    public static int Value => 2;
}

internal readonly struct Three : IExtent
{
    public static int Value => 3;
}

internal readonly struct Four : IExtent
{
    public static int Value => 4;
}

internal readonly struct Five : IExtent
{
    public static int Value => 5;
}

internal readonly struct Six : IExtent
{
    public static int Value => 6;
}

/// <summary>Whether the last register of a row is only partly filled by the matrix.</summary>
internal interface IEdge
{
    static abstract bool IsPartial { get; }
}

internal readonly struct Whole : IEdge
{
    public static bool IsPartial => false;
}

internal readonly struct Partial : IEdge
{
    public static bool IsPartial => true;
}
