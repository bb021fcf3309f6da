// Reductions, running folds and products as members of their first argument: x.Sum(axis: 0) is Sum(x, axis: 0).

namespace Autodiff.Functional;

public static partial class ExprExtensions
{
    /// <param name="x">The expression.</param>
    extension(Expr x)
    {
        /// <inheritdoc cref="Expr.Sum(Expr, Axes, bool)"/>
        public Expr Sum(Axes axis = default, bool keepDims = false) => Expr.Sum(x, axis, keepDims);

        /// <inheritdoc cref="Expr.Mean(Expr, Axes, bool)"/>
        public Expr Mean(Axes axis = default, bool keepDims = false) => Expr.Mean(x, axis, keepDims);

        /// <inheritdoc cref="Expr.Prod(Expr, Axes, bool)"/>
        public Expr Prod(Axes axis = default, bool keepDims = false) => Expr.Prod(x, axis, keepDims);

        /// <inheritdoc cref="Expr.MaxOf(Expr, Axes, bool)"/>
        public Expr MaxOf(Axes axis = default, bool keepDims = false) => Expr.MaxOf(x, axis, keepDims);

        /// <inheritdoc cref="Expr.MinOf(Expr, Axes, bool)"/>
        public Expr MinOf(Axes axis = default, bool keepDims = false) => Expr.MinOf(x, axis, keepDims);

        /// <inheritdoc cref="Expr.LogSumExp(Expr, Axes, bool)"/>
        public Expr LogSumExp(Axes axis = default, bool keepDims = false) => Expr.LogSumExp(x, axis, keepDims);

        /// <inheritdoc cref="Expr.Median(Expr, Axes, bool)"/>
        public Expr Median(Axes axis = default, bool keepDims = false) => Expr.Median(x, axis, keepDims);

        /// <inheritdoc cref="Expr.IndexOfMax(Expr, Axes, bool)"/>
        public Expr IndexOfMax(Axes axis = default, bool keepDims = false) => Expr.IndexOfMax(x, axis, keepDims);

        /// <inheritdoc cref="Expr.IndexOfMin(Expr, Axes, bool)"/>
        public Expr IndexOfMin(Axes axis = default, bool keepDims = false) => Expr.IndexOfMin(x, axis, keepDims);

        /// <inheritdoc cref="Expr.Any(Expr, Axes, bool)"/>
        public Expr Any(Axes axis = default, bool keepDims = false) => Expr.Any(x, axis, keepDims);

        /// <inheritdoc cref="Expr.All(Expr, Axes, bool)"/>
        public Expr All(Axes axis = default, bool keepDims = false) => Expr.All(x, axis, keepDims);

        /// <inheritdoc cref="Expr.Count(Expr, Axes, bool)"/>
        public Expr Count(Axes axis = default, bool keepDims = false) => Expr.Count(x, axis, keepDims);

        /// <inheritdoc cref="Expr.LogSumExp(Expr, Expr, Axes, bool)"/>
        public Expr LogSumExp(Expr weights, Axes axis = default, bool keepDims = false) => Expr.LogSumExp(x, weights, axis, keepDims);

        /// <inheritdoc cref="Expr.Quantile(Expr, Expr, Axes, bool)"/>
        public Expr Quantile(Expr q, Axes axis = default, bool keepDims = false) => Expr.Quantile(x, q, axis, keepDims);

        /// <inheritdoc cref="Expr.Norm(Expr, Axes, bool, double)"/>
        public Expr Norm(Axes axis = default, bool keepDims = false, double order = 2) => Expr.Norm(x, axis, keepDims, order);

        /// <inheritdoc cref="Expr.Var(Expr, Axes, bool, int)"/>
        public Expr Var(Axes axis = default, bool keepDims = false, int ddof = 0) => Expr.Var(x, axis, keepDims, ddof);

        /// <inheritdoc cref="Expr.Std(Expr, Axes, bool, int)"/>
        public Expr Std(Axes axis = default, bool keepDims = false, int ddof = 0) => Expr.Std(x, axis, keepDims, ddof);

        /// <inheritdoc cref="Expr.CumSum(Expr, int)"/>
        public Expr CumSum(int axis = 0) => Expr.CumSum(x, axis);

        /// <inheritdoc cref="Expr.CumProd(Expr, int)"/>
        public Expr CumProd(int axis = 0) => Expr.CumProd(x, axis);

        /// <inheritdoc cref="Expr.CumMax(Expr, int)"/>
        public Expr CumMax(int axis = 0) => Expr.CumMax(x, axis);

        /// <inheritdoc cref="Expr.CumMin(Expr, int)"/>
        public Expr CumMin(int axis = 0) => Expr.CumMin(x, axis);

        /// <inheritdoc cref="Expr.CumLogSumExp(Expr, int)"/>
        public Expr CumLogSumExp(int axis = 0) => Expr.CumLogSumExp(x, axis);

        /// <inheritdoc cref="Expr.Softmax(Expr, int)"/>
        public Expr Softmax(int axis = -1) => Expr.Softmax(x, axis);

        /// <inheritdoc cref="Expr.LogSoftmax(Expr, int)"/>
        public Expr LogSoftmax(int axis = -1) => Expr.LogSoftmax(x, axis);

        /// <inheritdoc cref="Expr.Dot(Expr, Expr)"/>
        public Expr Dot(Expr y) => Expr.Dot(x, y);

        /// <inheritdoc cref="Expr.MatMul(Expr, Expr)"/>
        public Expr MatMul(Expr y) => Expr.MatMul(x, y);
    }
}
