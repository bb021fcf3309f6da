// The operations of random programs. Each maps tensors with elements between −2 and 2 to a tensor with elements between −2 and 2, and its derivatives
// there are of moderate size, so every program made of them is well conditioned. The name of a parameter says what is drawn for it (see Draft).

using System.Runtime.CompilerServices;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Generation;

internal static class Vocabulary
{
    // The value of isSmooth where an operation is not.
    private const bool HasKinks = false;

    private static readonly List<Operation> s_operations = [];

    static Vocabulary()
    {
        AddElementwise();
        AddReductions();
        AddOrders();
        AddShapes();
        AddProducts();
        AddLinearAlgebra();
        AddPrograms();
        ByName = s_operations.ToDictionary(operation => operation.Name);
    }

    private static Dictionary<string, Operation> ByName { get; }

    public static IReadOnlyList<Operation> Operations => s_operations;

    public static Operation Of(string name) => ByName[name];

    private static void AddElementwise()
    {
        void Add(string name, Delegate formula, bool isSmooth = true, [CallerArgumentExpression(nameof(formula))] string source = "") =>
            s_operations.Add(new(name, Group.Elementwise, isSmooth, formula, source));

        Add("Negate", (Expr a) => -a);
        Add("Sin", (Expr a) => Sin(a));
        Add("Cos", (Expr a) => Cos(a));
        Add("Tan", (Expr a) => Tan(a / 4));
        Add("Tanh", (Expr a) => Tanh(a));
        Add("Atan", (Expr a) => Atan(a));
        Add("Asin", (Expr a) => Asin(a / 3));
        Add("Acos", (Expr a) => Acos(a / 3) / 2);
        Add("Sinh", (Expr a) => Sinh(a / 2));
        Add("Cosh", (Expr a) => Cosh(a / 2));
        Add("Asinh", (Expr a) => Asinh(a));
        Add("Acosh", (Expr a) => Acosh(a + 4) / 2);
        Add("Atanh", (Expr a) => Atanh(a / 3));
        Add("Sigmoid", (Expr a) => Sigmoid(a));
        Add("Softplus", (Expr a) => Softplus(a) / 2);
        Add("Exp", (Expr a) => Exp(a / 3));
        Add("Exp2", (Expr a) => Exp2(a / 2));
        Add("ExpM1", (Expr a) => ExpM1(a / 3));
        Add("Log", (Expr a) => Log(a + 4));
        Add("Log2", (Expr a) => Log2(a + 4) / 2);
        Add("Log10", (Expr a) => Log10(a + 4));
        Add("LogP1", (Expr a) => LogP1(a / 3));
        Add("Sqrt", (Expr a) => Sqrt(a + 4) / 2);
        Add("Cbrt", (Expr a) => Cbrt(a + 4));
        Add("Cube", (Expr a) => Pow(a, 3) / 8);
        Add("Erf", (Expr a) => Erf(a));
        Add("Erfc", (Expr a) => Erfc(a));
        Add("Gamma", (Expr a) => Gamma((a / 4) + 2) / 2);
        Add("LogGamma", (Expr a) => LogGamma(a + 5) / 4);
        Add("Digamma", (Expr a) => Digamma(a + 5) / 2);
        Add("Polygamma", (Expr a) => Polygamma(1, a + 5));
        Add("LambertW", (Expr a) => LambertW(a + 3));
        Add("Sinc", (Expr a) => Sinc(a));
        Add("BesselJ0", (Expr a) => BesselJ0(a));
        Add("BesselJ1", (Expr a) => BesselJ1(a));
        Add("BesselI0", (Expr a) => BesselI0(a) / 2);
        Add("BesselI1", (Expr a) => BesselI1(a));
        Add("NormalCdf", (Expr a) => NormalCdf(a));
        Add("LogNormalCdf", (Expr a) => LogNormalCdf(a) / 3);
        Add("NormalQuantile", (Expr a) => NormalQuantile((a / 5) + 0.5));
        Add("GammaP", (Expr a) => GammaP(2.5, a + 3));
        Add("GammaQ", (Expr a) => GammaQ(4, a + 3));
        Add("GammaP of both", (Expr a, Expr b) => GammaP((a / 4) + 2, (b / 4) + 2));
        Add("GammaQ of both", (Expr a, Expr b) => GammaQ((a / 4) + 2, (b / 4) + 2));
        Add("ErfInv", (Expr a) => ErfInv(a / 5));
        Add("ErfcInv", (Expr a) => ErfcInv((a / 5) + 1));
        Add("Erfcx", (Expr a) => Erfcx(a + 3));
        Add("Dawson", (Expr a) => Dawson(a));
        Add("ExpIntegralE1", (Expr a) => ExpIntegralE1(a + 3));
        Add("ExpIntegralEi", (Expr a) => ExpIntegralEi((a / 4) + 1) / 2);
        Add("Zeta", (Expr a, Expr b) => Zeta((a / 4) + 4, (b / 4) + 2));
        Add("BesselJ", (Expr a) => BesselJ(2, a));
        Add("BesselY", (Expr a) => BesselY(1, (a / 4) + 2));
        Add("BesselI", (Expr a) => BesselI(0.5, (a / 2) + 2) / 3);
        Add("BesselIScaled", (Expr a) => BesselIScaled(1.5, a + 3));
        Add("BesselK", (Expr a) => BesselK(0.5, (a / 2) + 2));
        Add("BesselKScaled", (Expr a) => BesselKScaled(1, a + 3));
        Add("BetaInc", (Expr a, Expr b) => BetaInc((a / 4) + 2, (b / 4) + 2, 0.4));
        Add("BetaInc of the limit", (Expr a) => BetaInc(2, 3, (a / 5) + 0.5));
        Add("Binomial", (Expr a, Expr b) => Binomial((a / 4) + 5, (b / 4) + 2) / 8);
        Add("Logit", (Expr a) => Logit((a / 5) + 0.5) / 2);
        Add("LogSigmoid", (Expr a) => LogSigmoid(a) / 2);
        Add("Log1mExp", (Expr a) => Log1mExp((a / 4) - 1));
        Add("Gelu", (Expr a) => Gelu(a));
        Add("Silu", (Expr a) => Silu(a));
        Add("Square", (Expr a) => Square(a) / 2);
        Add("LogAddExp", (Expr a, Expr b) => LogAddExp(a, b) / 2);
        Add("Add", (Expr a, Expr b) => (a + b) / 2);
        Add("Subtract", (Expr a, Expr b) => (a - b) / 2);
        Add("Multiply", (Expr a, Expr b) => a * b / 2);
        Add("Divide", (Expr a, Expr b) => a / (3 + b));
        Add("Pow", (Expr a, Expr b) => Pow(a + 4, b / 3) / 2);
        Add("Xlogy", (Expr a, Expr b) => Xlogy(a, b + 4) / 2);
        Add("LogBeta", (Expr a, Expr b) => LogBeta(a + 3, b + 4) / 5);
        Add("Beta", (Expr a, Expr b) => Beta((a / 4) + 1, (b / 4) + 2));
        Add("Atan2", (Expr a, Expr b) => Atan2(a, b + 3));
        Add("Hypot", (Expr a, Expr b) => Hypot(a, b + 3) / 3);
        Add("Abs", (Expr a, Expr pattern) => Abs(a + pattern) / 3, HasKinks);
        Add("Relu", (Expr a, Expr pattern) => Relu(a + pattern) / 3, HasKinks);
        Add("Round", (Expr a, Expr pattern) => (Round((a / 5) + pattern) / 8) + (a / 2), HasKinks);
        Add("Floor", (Expr a, Expr pattern) => (Floor((a / 5) + pattern + 0.5) / 8) + (a / 2), HasKinks);
        Add("Truncate", (Expr a, Expr pattern) => (Truncate((a / 5) + pattern + 0.5) / 8) + (a / 2), HasKinks);
        Add("CopySign", (Expr a, Expr pattern) => CopySign(a + (2 * pattern), pattern) / 6, HasKinks);
        Add("Mod", (Expr a, Expr b, Expr pattern) => Mod((a / 5) + pattern, (b / 10) + 3) / 2, HasKinks);
        Add("Elu", (Expr a, Expr pattern) => Elu(a + pattern) / 3, HasKinks);
        Add("LeakyRelu", (Expr a, Expr pattern) => LeakyRelu(a + pattern, 0.1) / 3, HasKinks);
        Add("Clamp", (Expr a, Expr pattern) => Clamp(a, pattern, 3) / 2, HasKinks);
        Add("Clamp between", (Expr a, Expr b, Expr pattern) => Clamp(a, b + (2 * pattern), b + (2 * pattern) + 12) / 8, HasKinks);
        Add("Max", (Expr a, Expr b, Expr pattern) => Max(a, b + (2 * pattern)) / 5, HasKinks);
        Add("Min", (Expr a, Expr b, Expr pattern) => Min(a, b + (2 * pattern)) / 5, HasKinks);
    }

    private static void AddReductions()
    {
        void Add(string name, Delegate formula, bool isSmooth = true, [CallerArgumentExpression(nameof(formula))] string source = "") =>
            s_operations.Add(new(name, Group.Reductions, isSmooth, formula, source));

        Add("Mean", (Expr a) => Mean(a));
        Add("Mean along", (Expr rows, int axis) => Mean(rows, axis));
        Add("Sum", (Expr rows, int axis, int length) => Sum(rows, axis, true) / length);
        Add("Prod", (Expr rows, int axis) => Prod(rows / 2, axis));
        Add("LogSumExp", (Expr rows, int axis, int length) => LogSumExp(rows / 2, axis, false) - Math.Log(length));
        Add("Norm", (Expr rows, int axis, int length) => Norm(rows + 3, axis, false) / (3 * Math.Sqrt(length)));
        Add("CumSum", (Expr rows, int axis, int length) => CumSum(rows, axis) / length);
        Add("Var", (Expr rows, int axis) => Var(rows, axis) / 2);
        Add("Softmax", (Expr rows, int axis) => Softmax(rows, axis));
        Add("LogSoftmax", (Expr rows, int axis, int length) => (LogSoftmax(rows / 2, axis) + Math.Log(length)) / 2);
        Add("CumProd", (Expr rows, int axis) => CumProd(rows / 2, axis));
        Add("CumLogSumExp", (Expr rows, int axis, int length) => CumLogSumExp(rows / 2, axis) - Math.Log(length));
        Add("Norm of order 3", (Expr rows, int axis, int length) => Norm(rows + 3, axis, false, 3) / (3 * Math.Cbrt(length)));
        Add("MaxOf", (Expr rows, int axis, Expr peak) => MaxOf(rows + peak, axis) - 8, HasKinks);
        Add("MinOf", (Expr rows, int axis, Expr peak) => MinOf(rows - peak, axis) + 8, HasKinks);
    }

    // The steps of a ladder are far apart, so the order of the elements of a sum with it is that of the ladder.
    private static void AddOrders()
    {
        void Add(string name, Delegate formula, Group group, [CallerArgumentExpression(nameof(formula))] string source = "") =>
            s_operations.Add(new(name, group, HasKinks, formula, source));

        Add("Sort", (Expr rows, int axis, Expr ladder) => Sort(rows + ladder, axis) - Sort(ladder, axis), Group.Reductions);
        Add("Sort, descending", (Expr rows, int axis, Expr ladder) => Sort(rows + ladder, axis, true) - Sort(ladder, axis, true), Group.Reductions);
        Add("TopK", (Expr rows, int axis, Expr ladder) => TopK(rows + ladder, 1, axis).Values - TopK(ladder, 1, axis).Values, Group.Reductions);
        Add("Median", (Expr rows, int axis, Expr ladder) => Median(rows + ladder, axis) - Median(ladder, axis), Group.Reductions);
        Add("Quantile", (Expr rows, int axis, Expr ladder) => Quantile(rows + ladder, 0.3, axis) - Quantile(ladder, 0.3, axis), Group.Reductions);
        Add("CumMax", (Expr rows, int axis, Expr ladder) => CumMax(rows + ladder, axis) - CumMax(ladder, axis), Group.Reductions);
        Add("CumMin", (Expr rows, int axis, Expr ladder) => CumMin(rows + ladder, axis) - CumMin(ladder, axis), Group.Reductions);
        Add("TakeAlong", (Expr rows, int axis, Expr ladder) => TakeAlong(rows, ArgSort(rows + ladder, axis), axis), Group.Shapes);
        Add("Take the last of the order", (Expr vector, Expr ladder) => Take(vector, IndexOfMax(vector + ladder)), Group.Shapes);
        Add("Update", (Expr vector, Expr ladder) => Update(vector, IndexOfMin(vector + ladder), Mean(vector)), Group.Shapes);
        Add("ScatterAdd", (Expr vector, Expr ladder, int count) => ScatterAdd(ArgSort(vector + ladder), vector, count), Group.Shapes);
        Add("SegmentSum", (Expr vector, Expr ladder, int count) => SegmentSum(vector, Floor(ArgSort(vector + ladder) / 2), count) / 2, Group.Shapes);
        Add("SegmentMax", (Expr vector, Expr ladder, int count) => SegmentMax(vector, ArgSort(vector + ladder), count), Group.Shapes);
        Add("OneHot", (Expr vector, Expr ladder, int count) => OneHot(ArgSort(vector + ladder), count) * vector, Group.Shapes);
    }

    private static void AddShapes()
    {
        void Add(string name, Delegate formula, Group group = Group.Shapes, [CallerArgumentExpression(nameof(formula))] string source = "") =>
            s_operations.Add(new(name, group, true, formula, source));

        Add("Transpose", (Expr a) => Transpose(a));
        Add("Permute", (Expr a, int[] order) => Permute(a, order));
        Add("Regroup", (Expr a, Shape regrouped) => Reshape(a, regrouped));
        Add("Repeat", (Expr a, Shape wider) => BroadcastTo(a, wider));
        Add("Flip", (Expr rows, int axis) => Flip(rows, axis));
        Add("Take", (Expr rows, int axis, int[] positions) => Take(rows, positions, axis));
        Add("Row", (Expr rows, int position) => rows[position]);
        Add("Rows from", (Expr rows, int position) => rows[position..]);
        Add("Last column", (Expr matrix) => matrix[.., ^1]);
        Add("Concat", (Expr rows, Expr like, int axis) => Concat([rows, like], axis));
        Add("Stack", (Expr a, Expr like, int newAxis) => Stack([a, like, a], newAxis));
        Add("Diag", (Expr vector) => Diag(vector));
        Add("Pad", (Expr vector) => Pad(vector, (1, 2)));
        Add("Roll", (Expr rows, int axis) => Roll(rows, 1, axis));
        Add("Tile", (Expr vector) => Tile(vector, 2));
        Add("Repeat along", (Expr rows, int axis) => Repeat(rows, 2, axis));
        Add("Tril", (Expr matrix) => Tril(matrix));
        Add("Triu", (Expr matrix) => Triu(matrix));
        Add("Every second", (Expr rows) => rows[Slice.Every(2)]);
        Add("Differences", (Expr rows, int axis) => Differences(Concat([rows, rows / 2], axis), axis) / 2);

        // Operations that bring a tensor to a shape; they are inserted where the next operation needs one.
        Add("Constant", (Shape shape, double[] elements) => Constant(elements, shape), Group.Fitting);
        Add("Flatten", (Expr a) => Reshape(a, -1), Group.Fitting);
        Add("Reshape", (Expr a, Shape shape) => Reshape(a, shape), Group.Fitting);
        Add("First", (Expr rows, int end) => rows[..end], Group.Fitting);
        Add("BroadcastTo", (Expr a, Shape shape) => BroadcastTo(a, shape), Group.Fitting);
    }

    private static void AddProducts()
    {
        void Add(string name, Delegate formula, [CallerArgumentExpression(nameof(formula))] string source = "") =>
            s_operations.Add(new(name, Group.Products, true, formula, source));

        Add("Dot", (Expr vector, Expr like, int count) => Dot(vector, like) / (2 * count));
        Add("Outer", (Expr vector, Expr vector2) => Outer(vector, vector2) / 2);
        Add("MatMul", (Expr matrix, Expr below, int columns) => MatMul(matrix, below) / (2 * columns));
        Add("MatMul of a vector", (Expr matrix, Expr weights, int columns) => MatMul(matrix, weights) / (2 * columns));
        Add("Einsum", (Expr matrix, Expr beside, int count) => Einsum("ij,kj->jk", matrix, beside) / (2 * count));
        Add("Einsum of three", (Expr matrix, Expr below, Expr weights, int columns) => Einsum("ij,jk,j->ki", matrix, below, weights) / (4 * columns));
        Add("Kron", (Expr matrix, Expr below) => Kron(matrix, below) / 2);
        Add("Convolve", (Expr vector, Expr vector2, int count) => Convolve(vector, vector2) / (2 * count));
        Add("Trace", (Expr square, int columns) => Trace(square) / columns);
    }

    // A matrix with elements between −2 and 2, divided by 4n, has a norm of at most 1/2; by 16n, of at most 1/8.
    private static void AddLinearAlgebra()
    {
        void Add(string name, Delegate formula, [CallerArgumentExpression(nameof(formula))] string source = "") =>
            s_operations.Add(new(name, Group.LinearAlgebra, true, formula, source));

        Add("Solve", (Expr square, Expr right, int columns) => Solve(Eye(columns) + (square / (4 * columns)), right) / 2);
        Add("SolveTriangular", (Expr square, Expr right, int columns) => SolveTriangular(Eye(columns) + (square / (4 * columns)), right, true, false, false) / 2);
        Add("SolveTriangular, transposed", (Expr square, Expr right, int columns) => SolveTriangular(Eye(columns) + (square / (4 * columns)), right, false, true, false) / 2);
        Add("Inverse", (Expr square, int columns) => Inverse(Eye(columns) + (square / (4 * columns))) / 2);
        Add("Det", (Expr square, int columns) => Det(Eye(columns) + (square / (4 * columns))) / 2);
        Add("LogDet", (Expr square, int columns) => LogDet(Eye(columns) + (square / (4 * columns))));
        Add("Cholesky", (Expr square, int columns) => Cholesky(Eye(columns) + ((square + Transpose(square)) / (8 * columns))));
        Add("Qr.Q", (Expr square, int columns) => Qr(Eye(columns) + (square / (4 * columns))).Q);
        Add("Qr.R", (Expr square, int columns) => Qr(Eye(columns) + (square / (4 * columns))).R);
        Add("Eigh.Values", (Expr square, int columns) => Eigh(Diag(Arange(columns)) + ((square + Transpose(square)) / (16 * columns))).Values / 2);
        Add("Eigh.Vectors", (Expr square, int columns) => Pow(Eigh(Diag(Arange(columns)) + ((square + Transpose(square)) / (16 * columns))).Vectors, 2));
        Add("Svd.S", (Expr square, int columns) => Svd(Diag(Arange(columns) + 1) + (square / (16 * columns))).S / 2);
        Add("Svd.U", (Expr square, int columns) => Pow(Svd(Diag(Arange(columns) + 1) + (square / (16 * columns))).U, 2));
        Add("Svd.Vt", (Expr square, int columns) => Pow(Svd(Diag(Arange(columns) + 1) + (square / (16 * columns))).Vt, 2));
        Add("Expm", (Expr square, int columns) => Expm(square / (2 * columns)) / 2);
        Add("SignedLogDet", (Expr square, int columns) => SignedLogDet(Eye(columns) + (square / (4 * columns))).LogAbsDet);
        Add("Lu.L", (Expr square, int columns) => Lu(Eye(columns) + (square / (4 * columns))).L);
        Add("Lu.U", (Expr square, int columns) => Lu(Eye(columns) + (square / (4 * columns))).U);
        Add("PInv", (Expr square, int columns) => PInv(Eye(columns) + (square / (4 * columns))) / 2);
        Add("Lstsq", (Expr square, Expr right, int columns) => Lstsq(Eye(columns) + (square / (4 * columns)), right) / 2);
        Add("SolveSylvester", (Expr square, int columns) => SolveSylvester(Eye(columns) + (square / (4 * columns)), Eye(columns), square) / 2);
        Add("Sqrtm", (Expr square, int columns) => Sqrtm(Eye(columns) + (square / (4 * columns))));
        Add("Logm", (Expr square, int columns) => Logm(Eye(columns) + (square / (4 * columns))));
        Add("MatrixPower", (Expr square, int columns) => MatrixPower(square / (2 * columns), 3));
        Add("MatrixFunction", (Expr square, int columns) => MatrixFunction(v => Log(v + 1), Eye(columns) + ((square + Transpose(square)) / (8 * columns))));
        Add("PolarFactor", (Expr square, int columns) => PolarFactor(Eye(columns) + (square / (4 * columns))));
    }

    private static void AddPrograms()
    {
        void Add(string name, Group group, Delegate formula, bool isSmooth = true, [CallerArgumentExpression(nameof(formula))] string source = "") =>
            s_operations.Add(new(name, group, isSmooth, formula, source));

        Add("Fold", Group.Loops, (Expr state, Expr items, Func<Expr, Expr, Expr> step) => Fold(step, state, items, 1));
        Add("Fold with checkpoints", Group.Loops, (Expr state, Expr items, Func<Expr, Expr, Expr> step) => Fold(step, state, items, 2));
        Add("Scan", Group.Loops, (Expr state, Expr items, Func<Expr, Expr, Expr> step, Func<Expr, Expr, Expr> output) =>
            Scan((s, item) => (step(s, item), output(s, item)), state, items, false, 1).Outputs);
        Add("Scan reversed", Group.Loops, (Expr state, Expr items, Func<Expr, Expr, Expr> step, Func<Expr, Expr, Expr> output) =>
            Scan((s, item) => (step(s, item), output(s, item)), state, items, true, 2).Outputs);
        Add("Scan's state", Group.Loops, (Expr state, Expr items, Func<Expr, Expr, Expr> step, Func<Expr, Expr, Expr> output) =>
            Scan((s, item) => (step(s, item), output(s, item)), state, items, false, 1).Final);
        Add("Iterate", Group.Loops, (Expr state, int times, Func<Expr, Expr> next) => Iterate(times, next, state, 1));
        Add("While", Group.Loops, (Expr state, double limit, Func<Expr, Expr> next) =>
            While(p => p.Item2 < limit, p => (next(p.Item1), p.Item2 + 1), (state, (Expr)0), 100, 1).Item1);
        Add("While below a value", Group.Loops, (Expr state, Expr scalar, double limitAbove, Func<Expr, Expr> next) =>
            While(p => p.Item2 < scalar + limitAbove, p => (next(p.Item1), p.Item2 + 1), (state, (Expr)0), 100, 1).Item1, HasKinks);

        Add("Where", Group.Branches, (Expr a, Expr pattern, Expr like) => Where(a > pattern, a, like), HasKinks);
        Add("Cond", Group.Branches, (Expr a, double bound, Func<Expr> then, Func<Expr> otherwise) => Cond(Mean(a) > bound, then, otherwise), HasKinks);
        Add("Cond of two", Group.Branches, (Expr a, double bound, Func<Expr> then, Func<Expr> otherwise) =>
            Cond(Mean(a) > bound, () => (then(), a), () => (otherwise() / 2, -a)).Item1, HasKinks);

        Add("Vmap", Group.Batches, (Expr items, Func<Expr, Expr> sample) => Vmap(sample, 0, 0)(items));
        Add("Vmap along the last axis", Group.Batches, (Expr rows, Func<Expr, Expr> lastSample) => Vmap(lastSample, -1, 0)(rows));
        Add("Vmap of two", Group.Batches, (Expr items, Expr like, Func<Expr, Expr, Expr> pair) => Vmap(pair, null, 0)(items, like));

        Add("Root", Group.Searches, (Expr a, Expr like) => Root(v => v + (0.3 * Sin(v * like)) - a, a, null, 1e-8) / 2);
        Add("Root of a function", Group.Searches, (Expr a, Func<Expr, Expr> same) => Root(v => v + (0.3 * Sin(v)) - same(a), a, null, 1e-8) / 2);
        Add("FixedPoint", Group.Searches, (Expr a, Expr like) => FixedPoint(v => (0.4 * Sin(v + a)) + (like / 2), a, null, 1e-8));
        Add("ArgMin", Group.Searches, (Expr a, Expr like) => ArgMin(v => (Sum((v - a) * (v - a)) / 2) + (0.3 * Sum(Cosh((v / 2) + (like / 2)))), a, null, 1e-8));

        Add("CustomVjp", Group.CustomRules, (Expr a, Func<Expr, Expr> closed) => CustomVjp(v => (closed(v), flow => Vjp(closed)(v).Pullback(flow)))(a));
        Add("CustomJvp", Group.CustomRules, (Expr a, Func<Expr, Expr> closed) => CustomJvp((v, tangent) => Jvp(closed)(v, tangent))(a));
        Add("Checkpoint", Group.CustomRules, (Expr a, Func<Expr, Expr> f) => Checkpoint(f)(a));
        Add("Define", Group.CustomRules, (Expr a) => Primitive.Define("cubic", t => t * t * t / 4, (t, y) => 3 * t * t / 4)(a));
        Add("Compile", Group.CustomRules, (Expr a, Func<Expr, Expr> f) => Compile(f, null)(a));
        Add("Compile to interpret", Group.CustomRules, (Expr a, Func<Expr, Expr> f) => Compile(f, new CompileOptions(1, true))(a));

        Add("Grad", Group.Derivatives, (Expr a, Func<Expr, Expr> f) => Tanh(Grad(v => Mean(f(v)))(a)));
        Add("Jacobian", Group.Derivatives, (Expr a, Func<Expr, Expr> f) => Tanh(Jacobian(f)(a)));
        Add("JacobianForward", Group.Derivatives, (Expr a, Func<Expr, Expr> f) => Tanh(JacobianForward(f)(a)));
        Add("Jvp", Group.Derivatives, (Expr a, Expr like, Func<Expr, Expr> f) => Tanh(Jvp(f)(a, like).Tangent));
        Add("Linearize", Group.Derivatives, (Expr a, Expr like, Func<Expr, Expr> f) => Tanh(Linearize(f)(a).Pushforward(like)));
        Add("Vjp", Group.Derivatives, (Expr a, Func<Expr, Expr> f) => Tanh(Vjp(f)(a).Pullback(Cos(f(a)))));
        Add("Hvp", Group.Derivatives, (Expr a, Expr like, Func<Expr, Expr> f) => Tanh(Hvp(v => Mean(f(v)))(a, like)));
        Add("TaylorAlong", Group.Derivatives, (Expr a, Expr like, Func<Expr, Expr> f) => Tanh(TaylorAlong(f, 2)(a, like)[2]));
        Add("Derivatives", Group.Derivatives, (Expr scalar, Func<Expr, Expr> f) => Tanh(Derivatives(f, 2)(scalar)[2]));
    }
}
