// The elementwise primitives on any number type: what the evaluation of expressions asks of a type.

using System.Numerics;

namespace Autodiff.Functional.NumberTypes;

/// <summary>A number type with its elementwise primitives. Arithmetic is that of the type; each kind of type states its functions.</summary>
internal abstract class NumberField<T>
    where T : INumberBase<T>
{
    private static readonly NumberField<T>? s_own = Find();

    /// <summary>The primitives of the type: those that it states itself, those of .NET's types, or else its arithmetic and order alone.</summary>
    public static NumberField<T> Of => s_own
        ?? throw new AutodiffException($"Evaluate: {Name} numbers are whole, and expressions have fractions; evaluate with decimal or a floating-point type.");

    /// <summary>The type as messages name it.</summary>
    public static string Name { get; } = NameOf(typeof(T));

    /// <summary>A double near x, the real part of a complex number; it guides choices that do not change a result.</summary>
    public abstract double Approximate(T x);

    /// <summary>Whether a number stands for a set, of which a result must contain every value: no iteration may then stop at a number that is near.</summary>
    public virtual bool IsEnclosure => false;

    /// <summary>Whether every number is a double, so that what is known of doubles alone is known of the type.</summary>
    public virtual bool IsRounded => false;

    /// <summary>Whether a mask holds; null if that is undecided.</summary>
    public virtual bool? Decide(T mask) => !T.IsZero(mask);

    /// <summary>A double near |x|.</summary>
    public virtual double Magnitude(T x) => Math.Abs(Approximate(x));

    /// <summary>The order of a function, from an operand that is a whole number.</summary>
    public virtual int Order(T x) => (int)Approximate(x);

    /// <summary>A constant of an expression as a number of this type.</summary>
    public virtual T Constant(double value)
    {
        try
        {
            return T.CreateChecked(value);
        }
        catch (Exception error) when (error is OverflowException or NotSupportedException)
        {
            throw new AutodiffException($"Evaluate: the constant {value.ToString(System.Globalization.CultureInfo.InvariantCulture)} is not a {Name}.", error);
        }
    }

    /// <summary>x·2ⁿ, for changes of scale.</summary>
    public virtual T Scaled(T x, int n) => x * Constant(Math.ScaleB(1, n));

    /// <summary>A unary primitive.</summary>
    public T Apply(Op op, T x) => op switch
    {
        Op.Negate => -x,
        Op.StopGradient => x,
        Op.PlusZero => x + T.Zero,
        _ => Function(op, x),
    };

    /// <summary>A binary primitive.</summary>
    public T Apply(Op op, T a, T b) => op switch
    {
        Op.Add => a + b,
        Op.Subtract => a - b,
        Op.Multiply => a * b,
        Op.Divide => a / b,
        Op.ShareOfNorm => Composed.ShareOfNorm(a, b),
        _ when op.HasOrder() => Function(op, Order(a), b),
        _ => Function(op, a, b),
    };

    /// <summary>A ternary primitive.</summary>
    public T Apply(Op op, T a, T b, T c) => op.HasOrder() ? Function(op, Order(a), b, c) : Function(op, a, b, c);

    /// <summary>A function that is computed with doubles.</summary>
    /// <exception cref="AutodiffException">Numbers of this type are neither doubles nor rounded ones, nor do they have tangents.</exception>
    public virtual T Apply(INumericFunction function, T[] x) =>
        IsRounded ? Constant(function.At(Array.ConvertAll(x, Approximate))) : throw DoublesAlone(function.Name);

    /// <summary>Throws if an iteration would not enclose its limit.</summary>
    public void RequireApproximate(string operation)
    {
        if (IsEnclosure)
        {
            throw new AutodiffException($"Evaluate: {operation} is not defined for {Name} numbers, which enclose a result: it is found by an iteration, which ends near it.");
        }
    }

    /// <summary>The error of a function that the type does not have.</summary>
    public static AutodiffException Undefined(string function) => new(
        $"Evaluate: {function} is not defined for {Name} numbers; it is for float, double, DoubleDouble and every type that states it by INumberFunctions.");

    /// <summary>The error of a function whose values have the precision of doubles.</summary>
    public static AutodiffException DoublesAlone(string function) => new($"Evaluate: {function} is computed with doubles alone, not with {Name} numbers.");

    /// <summary>The number with the largest approximate value; the position of NaN if there is one, −1 if there are no numbers.</summary>
    public int IndexOfLargest(ReadOnlySpan<T> x)
    {
        var largest = -1;
        for (var i = 0; i < x.Length; i++)
        {
            largest = largest < 0 || !(Approximate(x[i]) <= Approximate(x[largest])) ? i : largest;
        }

        return largest;
    }

    protected abstract T Function(Op op, T x);

    protected abstract T Function(Op op, T a, T b);

    protected abstract T Function(Op op, T a, T b, T c);

    /// <summary>A function of one number and an order.</summary>
    protected abstract T Function(Op op, int n, T x);

    /// <summary>A function of two numbers and an order.</summary>
    protected abstract T Function(Op op, int n, T a, T x);

    /// <summary>The primitives of the type; null if its numbers are whole.</summary>
    private static NumberField<T>? Find() =>
        T.Zero is INumberField<T> own ? own.Field
        : typeof(T) == typeof(double) ? (NumberField<T>)(object)new RealField<double>()
        : typeof(T) == typeof(float) ? (NumberField<T>)(object)new RealField<float>()
        : typeof(T) == typeof(Half) ? (NumberField<T>)(object)new RealField<Half>()
        : typeof(T) == typeof(Complex) ? (NumberField<T>)(object)new ComplexField()
        : typeof(T) == typeof(decimal) ? (NumberField<T>)(object)new DecimalField()
        : T.IsZero(T.CreateTruncating(0.5)) ? null
        : new PlainField<T>();

    private static string NameOf(Type type) =>
        type == typeof(double) ? "double" : type == typeof(float) ? "float" : type == typeof(decimal) ? "decimal"
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
