// A function of numbers that is computed with doubles, and what is needed to differentiate it in other number types.

using System.Numerics;

namespace Autodiff.Functional.NumberTypes;

/// <summary>A function of several numbers whose values are computed with doubles, and whose partial derivatives are expressions.</summary>
internal interface INumericFunction
{
    /// <summary>The name, as messages state it.</summary>
    string Name { get; }

    /// <summary>The value.</summary>
    double At(ReadOnlySpan<double> x);

    /// <summary>The partial derivative in an argument, computed with numbers of another type.</summary>
    T Partial<T>(int argument, T[] x)
        where T : INumberBase<T>;
}
