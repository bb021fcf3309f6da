// Sparse Jacobians and Hessians: they are the dense ones, with an entry at each place of the pattern.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using MathNet.Numerics.LinearAlgebra.Double;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Sparsity;

[Properties(Arbitrary = [typeof(Programs)], QuietOnSuccess = true)]
public class SparseDerivativeTests
{
    private static readonly Func<Expr, Expr> s_band = x => (Pow(x[1..^1], 3) * x[2..]) - Sin(x[..^2]);

    private static readonly Func<Expr, Expr> s_rosenbrock = x => Sum((100 * Pow(x[1..] - Pow(x[..^1], 2), 2)) + Pow(1 - x[..^1], 2));

    // A dense first row, a dense first column and a diagonal.
    private static readonly Func<Expr, Expr> s_arrow = x => Concat([Reshape(Sum(Pow(x, 2)), 1), Exp(x[1..]) * x[0]]);

    [Property(MaxTest = 40)]
    public void A_sparse_Jacobian_is_the_dense_one(Program program) => IsJacobian(program.Tensor, program.Input);

    [Property(MaxTest = 15)]
    public void A_sparse_Hessian_is_the_dense_one(Program program) => IsHessian(program.Scalar, program.Input);

    [Fact]
    public void Jacobians_of_bands_arrows_and_matrices_are_the_dense_ones()
    {
        var x = Sin(Arange(12) + 1);
        IsJacobian(s_band, x);
        IsJacobian(s_arrow, x);
        IsJacobian(v => Concat([s_arrow(v), s_arrow(Flip(v, 0))]), x);
        IsJacobian(v => Solve(Eye(3) + (0.1 * Reshape(v[..9], 3, 3)), v[9..]), x);
        IsJacobian(v => Reshape(v, 3, 4) * 2, x);
        IsJacobian(v => Scan((s, item) => (0.5 * item, s * item), (Expr)1, v).Outputs, x);
        IsJacobian(Sin, 0.3);
        IsJacobian(_ => new double[] { 1, 2 }, x);
    }

    [Fact]
    public void Hessians_of_bands_arrows_and_loops_are_the_dense_ones()
    {
        var x = Sin(Arange(12) + 1);
        IsHessian(s_rosenbrock, x);
        IsHessian(v => Sum(v[0] * Pow(v[1..], 2)), x);
        IsHessian(v => Fold((s, item) => s + Pow(item, 3), (Expr)0, v), x);
        IsHessian(v => Norm(v[..3]) + Sum(Pow(v[3..], 4)), x);
        IsHessian(v => Sum(Pow(Reshape(v, 3, 4)[1..] - Reshape(v, 3, 4)[..^1], 4)) + Sum(Pow(Reshape(v, 3, 4)[.., 1..] - Reshape(v, 3, 4)[.., ..^1], 4)), x);
        IsHessian(v => Sum(v), x);
    }

    [Fact]
    public void A_prepared_function_tells_its_pattern_and_colours()
    {
        var band = CompileSparseJacobian(s_band, new(100));
        Assert.Equal((3, 3 * 98), (band.Colours, band.Pattern.Count));
        Assert.Equal(SparsityPattern(s_band, new(100)), band.Pattern);
        Assert.Equal((2, 298), CompileSparseHessian(s_rosenbrock, new(100)) is var hessian ? (hessian.Colours, hessian.Pattern.Count) : default);
        var arrow = CompileSparseJacobian(s_arrow, new(100));
        Assert.Equal(3, arrow.Colours);
        Assert.Contains(0, arrow.RowColours);
        Assert.Contains(1, arrow.ColumnColours);
        Assert.Contains("3 colours", arrow.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_can_be_written_into_memory_and_matrices_of_the_caller()
    {
        var band = CompileSparseJacobian(s_band, new(5));
        double[] x = [1, 2, 3, 4, 5];
        var values = new double[band.Pattern.Count];
        band.Invoke(x, values);
        var matrix = band.Invoke(x);
        Assert.Equal(values, band.Pattern.Select(place => matrix[place.Row, place.Column]));
        double[] other = [5, 4, 3, 2, 1];
        band.Invoke(other, matrix);
        Assert.Equal(band.Invoke(other), matrix);
        Assert.NotEqual(band.Invoke(x), matrix);
    }

    [Fact]
    public void Places_where_the_value_happens_to_be_0_are_stored()
    {
        var matrix = SparseJacobian(x => x * x)(new double[] { 0, 1 });
        Assert.Equal(2, matrix.NonZerosCount);
        Assert.Equal([0, 2], [matrix[0, 0], matrix[1, 1]]);
    }

    [Fact]
    public void An_infinite_entry_leaves_the_others_as_they_are()
    {
        Expr x = new double[] { 0, 1, 4 };
        IsJacobian(v => Sqrt(v) * new double[] { 1, 2, 3 }, x);
        IsJacobian(v => Sqrt(v[..^1]) + v[1..], x);
        IsHessian(v => Sum(Pow(v[..^1], 1.5) * v[1..]), x);
        IsHessian(v => Sum(Pow(v, 1.5)) + (v[0] * v[1]) + (v[1] * v[2]), x);
    }

    [Fact]
    public void Many_colours_are_computed_in_several_sweeps()
    {
        // A dense block and a diagonal. A tensor with 40 directions would be larger than a sweep may have.
        const int Block = 40, N = 1 << 17;
        var weights = Sin(Arange(Block) + 1);
        Func<Expr, Expr> block = x => Sum(x * weights) * x;
        var jacobian = CompileSparseJacobian(x => Concat([block(x[..Block]), Sin(x[Block..])]), new(N));
        Assert.Equal((Block, (Block * Block) + N - Block), (jacobian.Colours, jacobian.Pattern.Count));
        var x = Cos(Arange(N));
        var matrix = jacobian.Invoke(x);
        Agreement.Near(Jacobian(block)(x[..Block]), Constant(matrix.SubMatrix(0, Block, 0, Block).ToRowMajorArray(), new(Block, Block)));
        Assert.Equal(Math.Cos(x[N - 1].Value), matrix[N - 1, N - 1], 12);
        Assert.Equal(Math.Cos(x[Block].Value), matrix[Block, Block], 12);
    }

    [Fact]
    public void Large_bands_and_Rosenbrock_are_computed()
    {
        const int N = 100_000;
        var x = Sin(Arange(N));
        var jacobian = SparseJacobian(s_band)(x);
        var elements = x.ToArray();
        Assert.Equal(3 * (N - 2), jacobian.NonZerosCount);
        Assert.Equal(-Math.Cos(elements[777]), jacobian[777, 777], 12);
        var hessian = SparseHessian(s_rosenbrock)(x);
        Assert.Equal(3 * N - 2, hessian.NonZerosCount);
        Assert.Equal(-400 * elements[5], hessian[5, 6], 9);
        Assert.Equal(-400 * elements[5], hessian[6, 5], 9);
    }

    [Property(MaxTest = 30)]
    public void Gauss_Newton_products_are_those_of_the_Jacobian(Program program)
    {
        Expr x = program.Input;
        var v = Tensors.Direction(x.Shape, 3);
        Func<Expr, Expr> r = program.Tensor, loss = y => Sum(Exp(0.3 * y)) + Pow(Sum(y), 2);
        var output = r(x);
        var (m, n) = (output.Shape.Size, x.Shape.Size);
        var jacobian = Reshape(JacobianForward(r)(x), m, n);
        Expr Product(Expr curvature) => Reshape(MatMul(Transpose(jacobian), MatMul(curvature, MatMul(jacobian, Reshape(v, n)))), x.Shape);
        Agreement.Near(Product(Eye(m)), GaussNewton(r)(x, v));
        Agreement.Near(Product(Reshape(Hessian(loss)(output), m, m)), GaussNewton(r, loss)(x, v));
    }

    [Fact]
    public void A_Gauss_Newton_product_can_be_differentiated()
    {
        Expr v = new double[] { 1, -2 };
        Func<Expr, Expr> r = x => Sin(x) * x[0];
        Expr x = new double[] { 0.3, 0.7 };
        Agreement.Near(Numeric.Jacobian(y => GaussNewton(r)(y, v))(x), Jacobian(y => GaussNewton(r)(y, v))(x), 1e-10);
    }

    [Fact]
    public void Bad_input_is_refused_by_name()
    {
        Names<AutodiffException>("SparseJacobian", () => SparseJacobian(null!));
        Names<AutodiffException>("SparseHessian", () => SparseHessian(null!));
        Names<AutodiffException>("SparseJacobian", () => SparseJacobian(x => x)(null!));
        Names<NotConcreteException>("SparseJacobian", () => SparseJacobian(x => x)(Variable("x", new Shape(2))));
        Names<NotConcreteException>("SparseJacobian", () => SparseJacobian(x => x * x[0].Value)(new double[] { 1 }));
        Names<NotConcreteException>("SparseHessian", () => SparseHessian(x => x[0] * x[0].Value)(new double[] { 1 }));
        Names<ShapeException>("SparseHessian", () => SparseHessian(x => x)(new double[] { 1, 2 }));
        Names<AutodiffException>("CompileSparseJacobian", () => CompileSparseJacobian(x => x * Variable("y"), new(2)));
        Names<ShapeException>("SparseJacobian", () => SparseJacobian(x => x[..0])(new double[] { 1 }));
        Names<AutodiffException>("GaussNewton", () => GaussNewton(null!));
        Names<AutodiffException>("GaussNewton", () => GaussNewton(x => x, null!));
        Names<ShapeException>("GaussNewton", () => GaussNewton(x => x)(new double[] { 1 }, 2));
        Names<ShapeException>("GaussNewton", () => GaussNewton(x => x, y => y)(new double[] { 1 }, new double[] { 1 }));

        var compiled = CompileSparseJacobian(x => x[1..] * x[..^1], new(3));
        Names<ShapeException>("CompileSparseJacobian", () => compiled.Invoke(new double[] { 1, 2 }));
        Names<ShapeException>("CompileSparseJacobian", () => compiled.Invoke((Expr)1));
        Names<AutodiffException>("CompileSparseJacobian", () => compiled.Invoke((Expr)null!));
        Names<ShapeException>("CompileSparseJacobian", () => compiled.Invoke([1, 2, 3], new double[3]));
        Names<ShapeException>("CompileSparseJacobian", () => compiled.Invoke([1, 2, 3], new SparseMatrix(2, 3)));
        Names<AutodiffException>("CompileSparseJacobian", () => compiled.Invoke([1, 2, 3], (SparseMatrix)null!));
    }

    private static void Names<TError>(string operation, Action action)
        where TError : AutodiffException => Assert.Contains(operation, Assert.ThrowsAny<TError>(action).Message, StringComparison.Ordinal);

    private static void IsJacobian(Func<Expr, Expr> f, Expr x) => Is(Reshape(JacobianForward(f)(x), f(x).Shape.Size, x.Shape.Size), SparseJacobian(f)(x));

    private static void IsHessian(Func<Expr, Expr> f, Expr x) => Is(Reshape(JacobianForward(Grad(f))(x), x.Shape.Size, x.Shape.Size), SparseHessian(f)(x));

    private static void Is(Expr expected, SparseMatrix actual) => Agreement.Near(expected, Constant(actual.ToRowMajorArray(), new(actual.RowCount, actual.ColumnCount)));
}
