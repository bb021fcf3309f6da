// The primitives: every node of a tree is one of these. The order is meaningful: families are contiguous,
// so that OpFamilies below can tell them apart by comparison.

namespace Autodiff.Functional;

/// <summary>The primitive operation at a node of an expression tree.</summary>
#pragma warning disable CS1591 // The members are the primitives' names; each is documented at the method of Expr that builds it.
public enum Op : byte
{
    Constant, Variable,

    Negate, Abs, Sign, Sqrt, Cbrt, Exp, Exp2, ExpM1, Log, Log2, Log10, LogP1,
    Sin, Cos, Tan, Asin, Acos, Atan, Sinh, Cosh, Tanh, Asinh, Acosh, Atanh,
    Sigmoid, Softplus, Relu, Floor, Ceiling, Round, Erf, Erfc, LogGamma, Digamma, StopGradient,

    Add, Subtract, Multiply, Divide, Pow, Atan2, Hypot, Min, Max, Polygamma,
    Less, LessOrEqual, Greater, GreaterOrEqual, Equal,

    Clamp, Where,

    Sum, Prod, MaxOf, MinOf, LogSumExp, Norm,

    CumSum, Reshape, BroadcastTo, Permute, Slice, Scatter, Concat, Stack, Flip, Take,

    Dot, MatMul, Outer, Einsum, Trace, Diag,
}
#pragma warning restore CS1591

/// <summary>Which rules a primitive follows: elementwise ones by arity, and the kinds of tensor functions.</summary>
internal static class OpFamilies
{
    public static bool IsLeaf(this Op op) => op <= Op.Variable;

    public static bool IsUnary(this Op op) => op is >= Op.Negate and <= Op.StopGradient;

    public static bool IsBinary(this Op op) => op is >= Op.Add and <= Op.Equal;

    public static bool IsElementwise(this Op op) => op is >= Op.Negate and <= Op.Where;

    public static bool IsComparison(this Op op) => op is >= Op.Less and <= Op.Equal;

    public static bool IsReduction(this Op op) => op is >= Op.Sum and <= Op.Norm;

    public static bool IsContraction(this Op op) => op is >= Op.Dot and <= Op.Diag;

    /// <summary>Primitives that are constant almost everywhere: no derivative passes through them.</summary>
    public static bool StopsDerivatives(this Op op) =>
        op is Op.StopGradient or Op.Sign or Op.Floor or Op.Ceiling or Op.Round || op.IsComparison();
}
