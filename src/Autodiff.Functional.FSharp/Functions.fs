// The library's functions of expressions in lower case: elementwise functions that F# has no name for, special functions, and linear algebra.
namespace Autodiff

/// <summary>Elementwise and special functions, and linear algebra. F#'s own functions, such as <c>sin</c> and <c>exp</c>, work on expressions too.</summary>
[<AutoOpen>]
module Functions =

    /// <summary>log(x + √(x² − 1)); NaN for x &lt; 1. Derivative 1/√(x² − 1).</summary>
    let acosh (x: Expr) = Expr.Acosh(x)

    /// <summary>log(x + √(x² + 1)). Derivative 1/√(x² + 1).</summary>
    let asinh (x: Expr) = Expr.Asinh(x)

    /// <summary>½ log((1 + x)/(1 − x)); NaN outside −1 … 1. Derivative 1/(1 − x²).</summary>
    let atanh (x: Expr) = Expr.Atanh(x)

    /// <summary>I₀(x), the modified Bessel function of the first kind of order 0. Derivative I₁(x).</summary>
    let besselI0 (x: Expr) = Expr.BesselI0(x)

    /// <summary>I₁(x), the modified Bessel function of the first kind of order 1. Derivative (I₀(x) + I₂(x))/2.</summary>
    let besselI1 (x: Expr) = Expr.BesselI1(x)

    /// <summary>J₀(x), the Bessel function of the first kind of order 0. Derivative −J₁(x).</summary>
    let besselJ0 (x: Expr) = Expr.BesselJ0(x)

    /// <summary>J₁(x), the Bessel function of the first kind of order 1. Derivative (J₀(x) − J₂(x))/2.</summary>
    let besselJ1 (x: Expr) = Expr.BesselJ1(x)

    /// <summary>The beta function Γ(a)Γ(b)/Γ(a + b) for a, b ≥ 0; ∞ where one is 0, NaN below. Its derivatives are those of LogBeta times B(a, b).</summary>
    let beta (a: Expr) (b: Expr) = Expr.Beta(a, b)

    /// <summary>The binomial coefficient Γ(n + 1)/(Γ(k + 1)Γ(n − k + 1)) of real numbers, exact for small whole ones, 0 for whole k &lt; 0 and whole k − n &gt; 0, NaN at n = −1, −2, …. It is differentiated in both arguments, to every order.</summary>
    let binomial (n: Expr) (k: Expr) = Expr.Binomial(n, k)

    /// <summary>∛x. Derivative 1/(3∛x²).</summary>
    let cbrt (x: Expr) = Expr.Cbrt(x)

    /// <summary>The lower triangular L with positive diagonal for which L Lᵀ = (a + aᵀ)/2: of a matrix that is not symmetric, the symmetric part is used. So the gradient is symmetric.</summary>
    let cholesky (a: Expr) = Expr.Cholesky(a)

    /// <summary>The condition number: the largest singular value divided by the smallest, ∞ for a matrix without full rank. Relative errors of a and b are magnified up to so many times in the solution of a x = b.</summary>
    let conditionNumber (a: Expr) = Expr.ConditionNumber(a)

    /// <summary>|x| with the sign of another number; −0 has the sign of negative numbers, and NaN that of positive ones. The derivative in x is 1 or −1, and 0 at 0 like that of Abs; in the sign there is none.</summary>
    let copySign (x: Expr) (sign: Expr) = Expr.CopySign(x, sign)

    /// <summary>The cross product of vectors in space, which are the last axis. Other axes broadcast.</summary>
    let cross (a: Expr) (b: Expr) = Expr.Cross(a, b)

    /// <summary>Dawson's integral F(x) = e^(−x²) ∫₀ˣ e^(t²) dt. Derivative 1 − 2x F(x).</summary>
    let dawson (x: Expr) = Expr.Dawson(x)

    /// <summary>The determinant of a matrix. The derivative is the matrix of cofactors; it and all higher derivatives are accurate also if a is singular. The derivative of order k costs O(n³ + nᵏ). The accuracy does not depend on the units of rows and columns.</summary>
    let det (a: Expr) = Expr.Det(a)

    /// <summary>The diagonal matrix of a vector, or the diagonal of each matrix.</summary>
    let diag (x: Expr) = Expr.Diag(x)

    /// <summary>ψ(x) = d/dx log Γ(x). Derivative: the trigamma function ψ₁(x).</summary>
    let digamma (x: Expr) = Expr.Digamma(x)

    /// <summary>The product of NumPy's dot: the inner product Σ aᵢ bᵢ of two vectors, the product of matrices and vectors, and the product with a scalar. In general it sums over the last axis of a and the last but one of b, and the result has the other axes of a, then those of b: unlike MatMul, which broadcasts leading axes.</summary>
    let dot (a: Expr) (b: Expr) = Expr.Dot(a, b)

    /// <summary>x for x &gt; 0, otherwise eˣ − 1: the exponential linear unit. The derivative at 0 is 1.</summary>
    let elu (x: Expr) = Expr.Elu(x)

    /// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt. Derivative 2/√π e^(−x²).</summary>
    let erf (x: Expr) = Expr.Erf(x)

    /// <summary>The inverse of the error function: ±∞ at ±1, NaN beyond. Derivative √π/2 e^(y²), y being the inverse.</summary>
    let erfInv (x: Expr) = Expr.ErfInv(x)

    /// <summary>1 − erf x, with full relative precision for large x. Derivative −2/√π e^(−x²).</summary>
    let erfc (x: Expr) = Expr.Erfc(x)

    /// <summary>The inverse of Erfc: ∞ at 0, −∞ at 2, NaN outside 0 … 2. It and its derivatives keep their relative precision for small p. Derivative −√π/2 e^(y²), y being the inverse.</summary>
    let erfcInv (p: Expr) = Expr.ErfcInv(p)

    /// <summary>e^(x²) erfc x, the scaled complementary error function, which decreases like 1/(x√π). Its derivatives, of which the first is 2x erfcx x − 2/√π, keep their relative precision for large x.</summary>
    let erfcx (x: Expr) = Expr.Erfcx(x)

    /// <summary>2ˣ. Derivative 2ˣ log 2.</summary>
    let exp2 (x: Expr) = Expr.Exp2(x)

    /// <summary>The exponential integral E₁(x) = ∫ e⁻ᵗ/t dt from x to ∞; ∞ at 0, NaN below. Derivative −e⁻ˣ/x.</summary>
    let expIntegralE1 (x: Expr) = Expr.ExpIntegralE1(x)

    /// <summary>The exponential integral Ei(x) = ∫ eᵗ/t dt from −∞ to x, for x &gt; 0 its principal value; −∞ at 0. Derivative eˣ/x, without overflow where that has none.</summary>
    let expIntegralEi (x: Expr) = Expr.ExpIntegralEi(x)

    /// <summary>eˣ − 1, precise for small x. Derivative eˣ.</summary>
    let expM1 (x: Expr) = Expr.ExpM1(x)

    /// <summary>The matrix exponential Σ aᵏ/k!, by scaling and squaring after balancing (A. H. Al-Mohy and N. J. Higham, A new scaling and squaring algorithm for the matrix exponential, SIAM J. Matrix Anal. Appl. 31, 2009), which is accurate also for matrices that are far from normal.</summary>
    let expm (a: Expr) = Expr.Expm(a)

    /// <summary>x! = Γ(x + 1) of a real number: exact for whole x up to 22, NaN at −1, −2, …. Derivative x! ψ(x + 1).</summary>
    let factorial (x: Expr) = Expr.Factorial(x)

    /// <summary>Γ(x); ±∞ at ±0, NaN at −1, −2, …. Derivative Γ(x)ψ(x).</summary>
    let gamma (x: Expr) = Expr.Gamma(x)

    /// <summary>The regularized lower incomplete gamma function P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹e⁻ᵗ dt for a, x ≥ 0, NaN below. Derivative in x: xᵃ⁻¹e⁻ˣ/Γ(a); in a the integral of the derivative of the integrand, computed to its last digits but one or two.</summary>
    let gammaP (a: Expr) (x: Expr) = Expr.GammaP(a, x)

    /// <summary>The regularized upper incomplete gamma function Q(a, x) = 1 − P(a, x), with full relative precision where it is small. Derivative in x: −xᵃ⁻¹e⁻ˣ/Γ(a); in a minus that of GammaP.</summary>
    let gammaQ (a: Expr) (x: Expr) = Expr.GammaQ(a, x)

    /// <summary>x·Φ(x) with the normal distribution Φ: the Gaussian error linear unit, in its exact form. It is 0 at −∞. Derivative Φ(x) + x Φ′(x).</summary>
    let gelu (x: Expr) = Expr.Gelu(x)

    /// <summary>√(x² + y²) without overflow. The derivative at the origin is 0.</summary>
    let hypot (x: Expr) (y: Expr) = Expr.Hypot(x, y)

    /// <summary>The inverse of a matrix. To multiply by it, Solve is faster and more accurate.</summary>
    let inverse (a: Expr) = Expr.Inverse(a)

    /// <summary>A mask: 1 where x is neither infinite nor NaN, otherwise 0. Its derivative is 0.</summary>
    let isFinite (x: Expr) = Expr.IsFinite(x)

    /// <summary>A mask: 1 where x is not a number, otherwise 0. Its derivative is 0.</summary>
    let isNaN (x: Expr) = Expr.IsNaN(x)

    /// <summary>The Kronecker product: each element of a times all of b, in the place of that element. Axes are aligned at the last, and missing ones have length 1.</summary>
    let kron (a: Expr) (b: Expr) = Expr.Kron(a, b)

    /// <summary>Lambert's W, the inverse of w eʷ: its principal branch, W(x) ≥ −1; −1 at −1/e, NaN below. Derivative e^(−W)/(1 + W), ∞ at −1/e.</summary>
    let lambertW (x: Expr) = Expr.LambertW(x)

    /// <summary>x for x &gt; 0, otherwise 0.01·x. The derivative at 0 is 0.01.</summary>
    let leakyRelu (x: Expr) = Expr.LeakyRelu(x)

    /// <summary>log(1 − eˣ) for x ≤ 0, with full relative precision near 0 and for large |x|: −∞ at 0, NaN above. Derivative −eˣ/(1 − eˣ).</summary>
    let log1mExp (x: Expr) = Expr.Log1mExp(x)

    /// <summary>The logarithm to base 2. Derivative 1/(x log 2).</summary>
    let log2 (x: Expr) = Expr.Log2(x)

    /// <summary>log(eᵃ + eᵇ) without overflow; −∞ contributes nothing. The derivatives are eᵃ/(eᵃ + eᵇ) and eᵇ/(eᵃ + eᵇ); where both are infinite and equal, each receives half.</summary>
    let logAddExp (a: Expr) (b: Expr) = Expr.LogAddExp(a, b)

    /// <summary>log B(a, b) for a, b ≥ 0; ∞ where one is 0, NaN below. Derivatives ψ(a) − ψ(a + b) and ψ(b) − ψ(a + b), with full relative precision where one argument is much larger than the other.</summary>
    let logBeta (a: Expr) (b: Expr) = Expr.LogBeta(a, b)

    /// <summary>log |det a|, without overflow. It is −∞ for a singular matrix, where the derivative is NaN; for other matrices the derivative is a⁻ᵀ.</summary>
    let logDet (a: Expr) = Expr.LogDet(a)

    /// <summary>log |Γ(x)|; +∞ at 0, −1, −2, …. Derivative: the digamma function.</summary>
    let logGamma (x: Expr) = Expr.LogGamma(x)

    /// <summary>log Φ(x), finite as far as −x²/2 is. Derivative: the inverse Mills ratio Φ′(x)/Φ(x); it and all further ones keep their relative precision in the lower tail.</summary>
    let logNormalCdf (x: Expr) = Expr.LogNormalCdf(x)

    /// <summary>log(1 + x), precise for small x. Derivative 1/(1 + x).</summary>
    let logP1 (x: Expr) = Expr.LogP1(x)

    /// <summary>log σ(x) = −log(1 + e⁻ˣ), finite as far as x is. Derivative σ(−x).</summary>
    let logSigmoid (x: Expr) = Expr.LogSigmoid(x)

    /// <summary>log(p/(1 − p)), the inverse of Sigmoid, with full relative precision near 0, ½ and 1: −∞ at 0, ∞ at 1, NaN outside 0 … 1. Derivative 1/(p(1 − p)).</summary>
    let logit (p: Expr) = Expr.Logit(p)

    /// <summary>The principal logarithm of a general real matrix: the x with Expm(x) = a whose eigenvalues have imaginary parts between −π and π. It is real if no eigenvalue of a is a negative number or 0. The derivatives, of every order, are right also where eigenvalues coincide.</summary>
    let logm (a: Expr) = Expr.Logm(a)

    /// <summary>The x for which the Euclidean norm of a x − b is least; if there are several, as for m &lt; n, the one of least norm. Right-hand sides and batches are those of Solve: b is a vector only if it has one axis.</summary>
    let lstsq (a: Expr) (b: Expr) = Expr.Lstsq(a, b)

    /// <summary>The matrix product. Matrices may have leading batch axes, which broadcast. A vector on the left is treated as a row, one on the right as a column, and the result does not have that axis.</summary>
    let matmul (a: Expr) (b: Expr) = Expr.MatMul(a, b)

    /// <summary>The Frobenius norm of matrices: the root of the sum of the squares of all elements.</summary>
    let matrixNorm (a: Expr) = Expr.MatrixNorm(a)

    /// <summary>How many rows, or columns, are linearly independent: the number of singular values larger than max(m, n)·2⁻⁵² times the largest, as in NumPy. It has derivative 0.</summary>
    let matrixRank (a: Expr) = Expr.MatrixRank(a)

    /// <summary>x − y·⌊x/y⌋, the remainder of x/y rounded down, as NumPy's mod: it has the sign of y, and is rounded once. NaN where y is 0 or x is infinite. The derivative in x is 1, and in y −⌊x/y⌋. The operator % has the sign of x.</summary>
    let modulo (x: Expr) (y: Expr) = Expr.Mod(x, y)

    /// <summary>x with another value where it is NaN. There x receives no derivative at all, and the value does.</summary>
    let nanTo (x: Expr) (value: Expr) = Expr.NanTo(x, value)

    /// <summary>Φ(x) = (1 + erf(x/√2))/2, the distribution function of the standard normal distribution, with full relative precision in the lower tail. Derivative e^(−x²/2)/√(2π).</summary>
    let normalCdf (x: Expr) = Expr.NormalCdf(x)

    /// <summary>The inverse of Φ: −∞ at 0, ∞ at 1, NaN outside 0 … 1. Derivative √(2π) e^(y²/2), y being the quantile, with full relative precision in the lower tail.</summary>
    let normalQuantile (p: Expr) = Expr.NormalQuantile(p)

    /// <summary>The outer product of two vectors: the matrix aᵢ bⱼ.</summary>
    let outer (a: Expr) (b: Expr) = Expr.Outer(a, b)

    /// <summary>The pseudo-inverse of Moore and Penrose: a⁻¹ for an invertible matrix, (aᵀa)⁻¹aᵀ for one with independent columns, and V diag(1/s) Uᵀ over the singular values that are not rounding errors for any. To multiply by it, Lstsq is more accurate; rank and derivatives are the same.</summary>
    let pInv (a: Expr) = Expr.PInv(a)

    /// <summary>The polar factor U Vᵀ of a = U diag(s) Vᵀ: the nearest matrix to a with orthonormal columns (rows if m &lt; n), which is the rotation or reflection part of a. a is the product of this factor and a symmetric positive definite matrix.</summary>
    let polarFactor (a: Expr) = Expr.PolarFactor(a)

    /// <summary>max(x, 0). The derivative at 0 is 0.</summary>
    let relu (x: Expr) = Expr.Relu(x)

    /// <summary>σ(x) = 1/(1 + e⁻ˣ). Derivative σ(x)σ(−x), with full relative precision in both tails.</summary>
    let sigmoid (x: Expr) = Expr.Sigmoid(x)

    /// <summary>x·σ(x), the sigmoid linear unit, also called swish. It is 0 at −∞. Derivative σ(x)(1 + x σ(−x)).</summary>
    let silu (x: Expr) = Expr.Silu(x)

    /// <summary>sin x / x, x in radians, and 1 at 0; not sin πx / πx. Derivatives of every order are right at and near 0.</summary>
    let sinc (x: Expr) = Expr.Sinc(x)

    /// <summary>log(1 + eˣ). Derivative σ(x).</summary>
    let softplus (x: Expr) = Expr.Softplus(x)

    /// <summary>The solution x of a x = b. As in NumPy 2, b is a vector only if it has one axis; otherwise its last two axes are matrices whose columns are right-hand sides. Leading batch axes broadcast.</summary>
    let solve (a: Expr) (b: Expr) = Expr.Solve(a, b)

    /// <summary>The principal square root y of a general real matrix: y y = a, with eigenvalues in the right half plane. It is real if no eigenvalue of a is a negative number. The derivatives, of every order, solve Sylvester equations with y, and are right also where eigenvalues coincide.</summary>
    let sqrtm (a: Expr) = Expr.Sqrtm(a)

    /// <summary>x².</summary>
    let square (x: Expr) = Expr.Square(x)

    /// <summary>The sum of the diagonal of each matrix.</summary>
    let trace (x: Expr) = Expr.Trace(x)

    /// <summary>The tensor with its axes in reverse order; for a matrix, its transpose.</summary>
    let transpose (x: Expr) = Expr.Transpose(x)

    /// <summary>x log y, and 0 where x = 0 and y is not NaN. The derivative in x is log y everywhere, as in JAX; that in y is x/y, and 0 where both are 0. So Xlogy(p, p) has slope −∞ at 0, which is the limit.</summary>
    let xlogy (x: Expr) (y: Expr) = Expr.Xlogy(x, y)

    /// <summary>Riemann's ζ(s) = Σ k⁻ˢ, k = 1, 2, …, continued to every s; +∞ at its pole s = 1, NaN at −∞. Its derivatives of every order are computed as precisely as its values.</summary>
    let zeta (s: Expr) = Expr.Zeta(s)

    /// <summary>Jₙ(x), the Bessel function of the first kind of a whole order.</summary>
    let besselJ (order: int) (x: Expr) : Expr = Expr.BesselJ(order, x)

    /// <summary>Yₙ(x), the Bessel function of the second kind of a whole order.</summary>
    let besselY (order: int) (x: Expr) : Expr = Expr.BesselY(order, x)

    /// <summary>I of a real order, the modified Bessel function of the first kind.</summary>
    let besselI (order: float) (x: Expr) : Expr = Expr.BesselI(order, x)

    /// <summary>K of a real order, the modified Bessel function of the second kind.</summary>
    let besselK (order: float) (x: Expr) : Expr = Expr.BesselK(order, x)

    /// <summary>The polygamma function of an order: the derivative of that order of digamma.</summary>
    let polygamma (order: int) (x: Expr) : Expr = Expr.Polygamma(order, x)

    /// <summary>The incomplete beta function, regularised.</summary>
    let betaInc (a: Expr) (b: Expr) (x: Expr) : Expr = Expr.BetaInc(a, b, x)

    /// <summary>x, but not below a lower and not above an upper bound.</summary>
    let inline clamp low high (x: Expr) : Expr = Expr.Clamp(x, operand low, operand high)

    /// <summary>The eigenvalues, in rising order, and eigenvectors, in columns, of a symmetric matrix.</summary>
    let eigh (a: Expr) : Expr * Expr =
        let struct (values, vectors) = Expr.Eigh a
        values, vectors

    /// <summary>The orthogonal and the upper triangular factor of a matrix.</summary>
    let qr (a: Expr) : Expr * Expr =
        let struct (q, r) = Expr.Qr a
        q, r

    /// <summary>The singular value decomposition: U, the singular values, and the transpose of V.</summary>
    let svd (a: Expr) : Expr * Expr * Expr =
        let struct (u, s, vt) = Expr.Svd a
        u, s, vt
