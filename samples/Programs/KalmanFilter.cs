// Noise estimated by maximum likelihood: the likelihood is a loop over matrices, and Newton's method has its Hessian.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Programs;

internal static class KalmanFilter
{
    private const int Steps = 400;

    public static void Show(Page page)
    {
        page.Chapter("A Kalman filter", "An oscillator driven by noise of deviation 0.3, its two coordinates measured with noise of deviation 0.8, 400 times. From the filter, a Fold, comes the likelihood of the measurements in θ, the logarithms of both deviations.");
        Expr truth = new double[] { 0.3, 0.8 };
        var measurements = Simulate(truth);
        var logLikelihood = page.Run(print =>
        {
            Expr motion = new double[,] { { 0.9, 0.2 }, { -0.2, 0.9 } };
            Func<Expr, Expr> logLikelihood = θ =>
            {
                var (q, r) = (Exp(2 * θ[0]) * Eye(2), Exp(2 * θ[1]) * Eye(2));
                return Fold(
                    (state, y) =>
                    {
                        var mean = MatMul(motion, state.Mean);
                        var p = MatMul(MatMul(motion, state.P), Transpose(motion)) + q;
                        var root = Cholesky(p + r);
                        var white = SolveTriangular(root, y - mean);
                        var gain = Transpose(Solve(p + r, p));
                        var sum = state.Sum - Dot(white, white) / 2
                            - Sum(Log(Einsum("ii->i", root)));
                        return (mean + MatMul(gain, y - mean), p - MatMul(gain, p), sum);
                    },
                    (Mean: Zeros(2), P: Eye(2), Sum: (Expr)0),
                    measurements).Sum;
            };
            Expr θ = new double[] { -1, 0 };
            print(logLikelihood(θ));
            print(Grad(logLikelihood)(θ));
            print(Numeric.Grad(logLikelihood)(θ));
            return logLikelihood;
        });

        page.Say("Newton's method for the maximum. The curvature there is the information: it gives the standard errors of θ, and how many of them lie between estimate and truth.");
        var path = page.Run(print =>
        {
            var path = new List<Expr>();
            Expr θ = new double[] { -1, 0 };
            for (var k = 0; k <= 5; k++)
            {
                path.Add(θ);
                θ -= Solve(Hessian(logLikelihood)(θ), Grad(logLikelihood)(θ));
            }

            var variances = Einsum("ii->i", Inverse(-Hessian(logLikelihood)(θ)));
            print(Exp(θ));
            print(Sqrt(variances));
            print((θ - Log(truth)) / Sqrt(variances));
            return path;
        });
        page.Table(["k", "deviations", "log likelihood", "|∇|"], path.Select((θ, k) =>
            (string[])[$"{k}", $"{Exp(θ)}", $"{logLikelihood(θ)}", $"{Norm(Grad(logLikelihood)(θ)).Value:F6}"]));
    }

    private static Expr Simulate(Expr deviations)
    {
        var chance = new Chance(1960);
        Expr motion = new double[,] { { 0.9, 0.2 }, { -0.2, 0.9 } };
        Expr driven = deviations[0] * chance.Normal(Steps, 2), measured = deviations[1] * chance.Normal(Steps, 2);
        return Scan((state, random) => MatMul(motion, state) + random is var next ? (next, next) : default, Zeros(2), driven).Outputs + measured;
    }
}
