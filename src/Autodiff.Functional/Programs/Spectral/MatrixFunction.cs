// Functions of symmetric matrices. Unlike those of eigenvectors, their derivatives exist also where eigenvalues coincide.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The function f of a symmetric matrix: V diag(f(λ₁), …, f(λₙ)) Vᵀ where (a + aᵀ)/2 = V diag(λ) Vᵀ. Of a matrix that is not
    /// symmetric, the symmetric part is used. So the square root of a matrix is <c>MatrixFunction(Sqrt, a)</c>, and its power
    /// <c>MatrixFunction(x => Pow(x, p), a)</c>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The derivatives are right to every order, also where eigenvalues coincide or nearly so: the first one along E is
    /// V (f[λᵢ, λⱼ] · (VᵀEV)ᵢⱼ) Vᵀ with f[x, y] = (f(x) − f(y))/(x − y), and f[x, x] = f′(x) (Yu. L. Daleckii and S. G. Krein, 1965),
    /// and the k-th one has divided differences of order k, computed without loss of digits. Results and gradients are symmetric.
    /// </para>
    /// <para>
    /// f may read expressions from outside, such as p above: derivatives flow to these too, and samples of <see cref="AD.Vmap(Func{Expr, Expr}, int?, int)"/>
    /// may differ in them. f and its derivatives are evaluated only between the lowest and the highest eigenvalue. If f is NaN at an
    /// eigenvalue, the matrix is NaN, as for the square root of a matrix with a negative eigenvalue.
    /// </para>
    /// </remarks>
    /// <param name="f">
    /// A function of one number. It is run once, on a symbolic number, so it must choose by <see cref="Where"/> and <see cref="AD.Cond{T}"/>, not
    /// by <c>if</c>.
    /// </param>
    /// <param name="symmetric">Symmetric matrices, of shape (…, n, n).</param>
    /// <exception cref="ShapeException">The matrix is not square, or f does not take a number to a number.</exception>
    /// <exception cref="NotConcreteException">f asks its argument for its value.</exception>
    public static Expr MatrixFunction(Func<Expr, Expr> f, Expr symmetric)
    {
        const string operation = "MatrixFunction";
        _ = f ?? throw AutodiffException.Null(operation, "the function");
        _ = SquareOf(operation, symmetric);
        var (computation, captured) = Computation.Trace(operation, [Shape.Scalar], x => [f(x[0]) ?? throw AutodiffException.Null(operation, "the function's result")]);
        var function = new FunctionFamily(computation);
        return function.Shape.IsScalar
            ? new SpectralFunction(function).Node([symmetric, .. captured])
            : throw new ShapeException($"{operation}: the function takes a number to a result of shape {function.Shape}; it is applied to each eigenvalue, so its result must be a number.");
    }
}
