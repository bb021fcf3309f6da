// The primitives: every node of a tree is one of these. The order is meaningful: families are contiguous,
// so that OpFamilies below can tell them apart by comparison.

namespace Autodiff.Functional;

/// <summary>The primitive operation at a node of an expression tree.</summary>
public enum Op : byte
{
    /// <summary>Numbers that depend on nothing.</summary>
    Constant,

    /// <summary>A leaf that derivatives are taken in.</summary>
    Variable,

    /// <summary>The elementwise −x.</summary>
    Negate,

    /// <summary>Made by <see cref="Expr.Abs"/>.</summary>
    Abs,

    /// <summary>Made by <see cref="Expr.Sign"/>.</summary>
    Sign,

    /// <summary>Made by <see cref="Expr.Sqrt"/>.</summary>
    Sqrt,

    /// <summary>Made by <see cref="Expr.Cbrt"/>.</summary>
    Cbrt,

    /// <summary>Made by <see cref="Expr.Exp"/>.</summary>
    Exp,

    /// <summary>Made by <see cref="Expr.Exp2"/>.</summary>
    Exp2,

    /// <summary>Made by <see cref="Expr.ExpM1"/>.</summary>
    ExpM1,

    /// <summary>Made by <see cref="Expr.Log"/>.</summary>
    Log,

    /// <summary>Made by <see cref="Expr.Log2"/>.</summary>
    Log2,

    /// <summary>Made by <see cref="Expr.Log10"/>.</summary>
    Log10,

    /// <summary>Made by <see cref="Expr.LogP1"/>.</summary>
    LogP1,

    /// <summary>Made by <see cref="Expr.Sin"/>.</summary>
    Sin,

    /// <summary>Made by <see cref="Expr.Cos"/>.</summary>
    Cos,

    /// <summary>Made by <see cref="Expr.Tan"/>.</summary>
    Tan,

    /// <summary>Made by <see cref="Expr.Asin"/>.</summary>
    Asin,

    /// <summary>Made by <see cref="Expr.Acos"/>.</summary>
    Acos,

    /// <summary>Made by <see cref="Expr.Atan"/>.</summary>
    Atan,

    /// <summary>Made by <see cref="Expr.Sinh"/>.</summary>
    Sinh,

    /// <summary>Made by <see cref="Expr.Cosh"/>.</summary>
    Cosh,

    /// <summary>Made by <see cref="Expr.Tanh"/>.</summary>
    Tanh,

    /// <summary>Made by <see cref="Expr.Asinh"/>.</summary>
    Asinh,

    /// <summary>Made by <see cref="Expr.Acosh"/>.</summary>
    Acosh,

    /// <summary>Made by <see cref="Expr.Atanh"/>.</summary>
    Atanh,

    /// <summary>Made by <see cref="Expr.Sigmoid"/>.</summary>
    Sigmoid,

    /// <summary>Made by <see cref="Expr.Softplus"/>.</summary>
    Softplus,

    /// <summary>Made by <see cref="Expr.Relu"/>.</summary>
    Relu,

    /// <summary>Made by <see cref="Expr.Floor"/>.</summary>
    Floor,

    /// <summary>Made by <see cref="Expr.Ceiling"/>.</summary>
    Ceiling,

    /// <summary>Made by <see cref="Expr.Round"/>.</summary>
    Round,

    /// <summary>Made by <see cref="Expr.Erf"/>.</summary>
    Erf,

    /// <summary>Made by <see cref="Expr.Erfc"/>.</summary>
    Erfc,

    /// <summary>Made by <see cref="Expr.Gamma"/>.</summary>
    Gamma,

    /// <summary>Made by <see cref="Expr.LogGamma"/>.</summary>
    LogGamma,

    /// <summary>Made by <see cref="Expr.Digamma"/>.</summary>
    Digamma,

    /// <summary>Made by <see cref="Expr.LambertW"/>.</summary>
    LambertW,

    /// <summary>Made by <see cref="Expr.Sinc"/>.</summary>
    Sinc,

    /// <summary>Made by <see cref="Expr.NormalCdf"/>.</summary>
    NormalCdf,

    /// <summary>Made by <see cref="Expr.LogNormalCdf"/>.</summary>
    LogNormalCdf,

    /// <summary>Made by <see cref="Expr.NormalQuantile"/>.</summary>
    NormalQuantile,

    /// <summary>e⁻ˣ/(1 + e⁻ˣ)²: the derivative of <see cref="Expr.Sigmoid"/>.</summary>
    LogisticDensity,

    /// <summary>1/√(1 − x²): the derivative of <see cref="Expr.Asin"/>.</summary>
    AsinDerivative,

    /// <summary>x + 0, which is x but for −0: a divisor in the derivatives of functions that have no values left of 0.</summary>
    PlusZero,

    /// <summary>The identity that no derivative passes, made by <see cref="AD.StopGradient"/>.</summary>
    StopGradient,

    /// <summary>The elementwise a + b.</summary>
    Add,

    /// <summary>The elementwise a − b.</summary>
    Subtract,

    /// <summary>The elementwise a · b.</summary>
    Multiply,

    /// <summary>The elementwise a / b.</summary>
    Divide,

    /// <summary>Made by <see cref="Expr.Pow"/>.</summary>
    Pow,

    /// <summary>Made by <see cref="Expr.Atan2"/>.</summary>
    Atan2,

    /// <summary>Made by <see cref="Expr.Hypot"/>.</summary>
    Hypot,

    /// <summary>a/√(a² + b²), the cosine of the angle of (a, b): a derivative of <see cref="Expr.Hypot"/>.</summary>
    DirectionCosine,

    /// <summary>a/‖…, a, …‖ of an element and the norm, ±1 for infinities: the derivative of <see cref="Expr.Norm"/>.</summary>
    ShareOfNorm,

    /// <summary>Made by <see cref="Expr.Min"/>.</summary>
    Min,

    /// <summary>Made by <see cref="Expr.Max"/>.</summary>
    Max,

    /// <summary>Made by <see cref="Expr.Xlogy"/>.</summary>
    Xlogy,

    /// <summary>Made by <see cref="Expr.LogBeta"/>.</summary>
    LogBeta,

    /// <summary>Made by <see cref="Expr.Beta"/>.</summary>
    Beta,

    /// <summary>Made by <see cref="Expr.GammaP"/>.</summary>
    GammaP,

    /// <summary>Made by <see cref="Expr.GammaQ"/>.</summary>
    GammaQ,

    /// <summary>Made by <see cref="Expr.Polygamma"/>.</summary>
    Polygamma,

    /// <summary>Jₙ(x), n being the first operand, made by <see cref="Expr.BesselJ0"/> and <see cref="Expr.BesselJ1"/>.</summary>
    BesselJ,

    /// <summary>Iₙ(x), n being the first operand, made by <see cref="Expr.BesselI0"/> and <see cref="Expr.BesselI1"/>.</summary>
    BesselI,

    /// <summary>dⁿ/dxⁿ Γ(x), n being the first operand: the derivatives of <see cref="Expr.Gamma"/>.</summary>
    GammaDerivative,

    /// <summary>dⁿ/dxⁿ sin x / x, n being the first operand: the derivatives of <see cref="Expr.Sinc"/>.</summary>
    SincDerivative,

    /// <summary>dⁿ/dxⁿ log Φ(x), n being the first operand: the derivatives of <see cref="Expr.LogNormalCdf"/>.</summary>
    LogNormalCdfDerivative,

    /// <summary>The mask a &lt; b.</summary>
    Less,

    /// <summary>The mask a ≤ b.</summary>
    LessOrEqual,

    /// <summary>The mask a &gt; b.</summary>
    Greater,

    /// <summary>The mask a ≥ b.</summary>
    GreaterOrEqual,

    /// <summary>The mask a = b, made by <see cref="Expr.Eq"/>.</summary>
    Equal,

    /// <summary>ψₙ(a) − ψₙ(a + b), n being the first operand: in the derivatives of <see cref="Expr.LogBeta"/>.</summary>
    PolygammaDifference,

    /// <summary>dⁿ/dxⁿ xᵃ⁻¹e⁻ˣ/Γ(a), n being the first operand: the derivatives of <see cref="Expr.GammaP"/>.</summary>
    GammaDensity,

    /// <summary>dⁿ/dxⁿ e^(−ax²), n being the first operand: the derivatives of <see cref="Expr.Erf"/> and <see cref="Expr.NormalCdf"/>.</summary>
    Gaussian,

    /// <summary>Made by <see cref="Expr.Clamp"/>.</summary>
    Clamp,

    /// <summary>Made by <see cref="Expr.Where"/>.</summary>
    Where,

    /// <summary>Made by <see cref="Expr.Sum"/>.</summary>
    Sum,

    /// <summary>Made by <see cref="Expr.Prod"/>.</summary>
    Prod,

    /// <summary>Made by <see cref="Expr.MaxOf"/>.</summary>
    MaxOf,

    /// <summary>Made by <see cref="Expr.MinOf"/>.</summary>
    MinOf,

    /// <summary>Made by <see cref="Expr.LogSumExp"/>.</summary>
    LogSumExp,

    /// <summary>log Σx, made by <see cref="Expr.LogSumExp"/> of logarithms.</summary>
    LogSum,

    /// <summary>Made by <see cref="Expr.Norm"/>.</summary>
    Norm,

    /// <summary>Made by <see cref="Expr.CumSum"/>.</summary>
    CumSum,

    /// <summary>The same elements under another shape.</summary>
    Reshape,

    /// <summary>Made by <see cref="Expr.BroadcastTo"/>.</summary>
    BroadcastTo,

    /// <summary>Axes in another order, made by <see cref="Expr.Permute"/> and <see cref="Expr.Transpose"/>.</summary>
    Permute,

    /// <summary>Part of a tensor, made by the indexer.</summary>
    Slice,

    /// <summary>Pieces added at their places in zeros: the transpose of <see cref="Slice"/> and <see cref="Take"/>.</summary>
    Scatter,

    /// <summary>Made by <see cref="Expr.Concat"/>.</summary>
    Concat,

    /// <summary>Made by <see cref="Expr.Stack"/>.</summary>
    Stack,

    /// <summary>Made by <see cref="Expr.Flip"/>.</summary>
    Flip,

    /// <summary>Made by <see cref="Expr.Take"/>.</summary>
    Take,

    /// <summary>Made by <see cref="Expr.Dot"/>.</summary>
    Dot,

    /// <summary>Made by <see cref="Expr.MatMul"/>.</summary>
    MatMul,

    /// <summary>Made by <see cref="Expr.Outer"/>.</summary>
    Outer,

    /// <summary>Made by <see cref="Expr.Einsum"/>.</summary>
    Einsum,

    /// <summary>Made by <see cref="Expr.Trace"/>.</summary>
    Trace,

    /// <summary>Made by <see cref="Expr.Diag"/>.</summary>
    Diag,

    /// <summary>Made by what <see cref="Primitive.Define"/> returns.</summary>
    Defined,

    /// <summary>Made by <c>Fold</c>, <c>Scan</c>, <c>Iterate</c> and <c>While</c>: a loop whose steps are one node.</summary>
    Loop,

    /// <summary>The reverse sweep through a <see cref="Loop"/>.</summary>
    LoopAdjoint,

    /// <summary>Made by <c>Cond</c>: the branch that a predicate chooses.</summary>
    Cond,

    /// <summary>Made by <c>Checkpoint</c>, <c>CustomVjp</c> and <c>CustomJvp</c>: a function with its own derivative.</summary>
    Call,

    /// <summary>Made by <c>Root</c>, <c>FixedPoint</c> and <c>ArgMin</c>: a solution of equations.</summary>
    Root,

    /// <summary>Made by <see cref="Expr.Solve"/>.</summary>
    Solve,

    /// <summary>Made by <see cref="Expr.SolveTriangular"/>.</summary>
    SolveTriangular,

    /// <summary>Made by <see cref="Expr.Inverse"/>.</summary>
    Inverse,

    /// <summary>Made by <see cref="Expr.Det"/>.</summary>
    Det,

    /// <summary>The matrix of cofactors: the gradient of <see cref="Det"/>. With directions below the matrix, also its derivatives.</summary>
    Cofactors,

    /// <summary>Made by <see cref="Expr.LogDet"/>.</summary>
    LogDet,

    /// <summary>Made by <see cref="Expr.Cholesky"/>.</summary>
    Cholesky,

    /// <summary>Made by <see cref="Expr.Qr"/>: the elements of Q, then those of R, in a last axis.</summary>
    Qr,

    /// <summary>Made by <see cref="Expr.Eigh"/>: a column of eigenvalues, then the eigenvectors.</summary>
    Eigh,

    /// <summary>Made by <see cref="Expr.Svd"/>: the elements of U, then those of S, then those of Vᵀ, in a last axis.</summary>
    Svd,

    /// <summary>Made by <see cref="Expr.Expm"/>. With directions below the matrix, also its derivatives.</summary>
    Expm,

    /// <summary>Made by <see cref="Expr.PolarFactor"/>.</summary>
    PolarFactor,

    /// <summary>The antisymmetric X with H X + X H = B − Bᵀ: in the derivative of <see cref="PolarFactor"/>.</summary>
    Lyapunov,

    /// <summary>Made by <see cref="Expr.MatrixFunction"/>.</summary>
    MatrixFunction,
}

/// <summary>Which rules a primitive follows: elementwise ones by arity, and the kinds of tensor functions.</summary>
internal static class OpFamilies
{
    private static readonly string[] s_names = Enum.GetNames<Op>();

    /// <summary>The name of the member, at no cost.</summary>
    public static string Name(this Op op) => s_names[(int)op];

    public static bool IsLeaf(this Op op) => op <= Op.Variable;

    public static bool IsUnary(this Op op) => op is >= Op.Negate and <= Op.StopGradient;

    public static bool IsBinary(this Op op) => op is >= Op.Add and <= Op.Equal;

    public static bool IsElementwise(this Op op) => op is >= Op.Negate and <= Op.Where;

    public static bool IsComparison(this Op op) => op is >= Op.Less and <= Op.Equal;

    /// <summary>Primitives whose first operand is an order: a whole number, in which there is no derivative.</summary>
    public static bool HasOrder(this Op op) =>
        op is (>= Op.Polygamma and <= Op.LogNormalCdfDerivative) or Op.PolygammaDifference or Op.GammaDensity or Op.Gaussian;

    public static bool IsReduction(this Op op) => op is >= Op.Sum and <= Op.Norm;

    public static bool IsContraction(this Op op) => op is >= Op.Dot and <= Op.Diag;

    /// <summary>Primitives that hold programs, whose derivatives are taken in all operands at once.</summary>
    public static bool IsProgram(this Op op) => op is (>= Op.Loop and <= Op.Root) or Op.MatrixFunction;

    public static bool IsLinearAlgebra(this Op op) => op is >= Op.Solve and <= Op.Lyapunov;

    /// <summary>Primitives that are constant almost everywhere: no derivative passes through them.</summary>
    public static bool StopsDerivatives(this Op op) =>
        op is Op.StopGradient or Op.Sign or Op.Floor or Op.Ceiling or Op.Round || op.IsComparison();
}
