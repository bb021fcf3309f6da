// Equations of motion from a Lagrangian by nested derivatives, integrated in a loop that is differentiated in its turn.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Programs;

internal static class DoublePendulum
{
    public static void Show(Page page)
    {
        page.Chapter("A double pendulum", "Two bobs of 1 kg on rods of 1 m; angles q from the vertical. From L(q, q̇) = T − V alone, M q̈ = ∂L/∂q − (∂²L/∂q̇∂q) q̇ with the mass matrix M = ∂²L/∂q̇².");
        var (energy, acceleration) = page.Run(print =>
        {
            Func<Expr, Expr, Expr> kinetic = (q, v) =>
                v[0] * v[0] + v[1] * v[1] / 2 + v[0] * v[1] * Cos(q[0] - q[1]);
            Func<Expr, Expr> potential = q => -9.81 * (2 * Cos(q[0]) + Cos(q[1]));
            Func<Expr, Expr, Expr> lagrangian = (q, v) => kinetic(q, v) - potential(q);
            Func<Expr, Expr, Expr> momentum = (q, v) => Grad(w => lagrangian(q, w))(v);
            Func<Expr, Expr, Expr> acceleration = (q, v) => Solve(
                Hessian(w => lagrangian(q, w))(v),
                Grad(p => lagrangian(p, v))(q)
                    - Jvp(p => momentum(p, v))(q, v).Tangent);
            print(acceleration(new double[] { 1, 0.5 }, Zeros(2)));
            return ((Func<Expr, Expr>)(s => kinetic(s[..2], s[2..]) + potential(s[..2])), acceleration);
        });

        page.Say("Runge and Kutta's method of order 4, 10 s in 2000 steps, as a Scan: one node, whose body is run once to be seen.");
        var flow = page.Run(print =>
        {
            Func<Expr, Expr> motion = s => Concat([s[2..], acceleration(s[..2], s[2..])]);
            Func<Expr, Expr> step = s =>
            {
                const double h = 0.005;
                var k1 = motion(s);
                var k2 = motion(s + h / 2 * k1);
                var k3 = motion(s + h / 2 * k2);
                var k4 = motion(s + h * k3);
                return s + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
            };
            var flow = (Expr start, int n) =>
                Scan((s, _) => (step(s), energy(s)), start, Zeros(n));
            var (final, e) = flow(new double[] { 1, 0.5, 0, 0 }, 2000);
            print(final);
            print(e[0]);
            print(MaxOf(Abs(e / e[0] - 1)).Value < 1e-6);
            return flow;
        });

        page.Say("Where the pendulum is after 2 s, and how that depends on where it started: the Jacobian through the Scan. The flow conserves volume in position and momentum (Liouville), so det J = det M(start) / det M(end).");
        page.Run(print =>
        {
            Func<Expr, Expr> after = start => flow(start, 400).Final;
            Expr start = new double[] { 1, 0.5, 0, 0 };
            var j = Jacobian(after)(start);
            var numeric = Numeric.Jacobian(after)(start);
            Func<Expr, Expr> mass = s => 2 - Pow(Cos(s[0] - s[1]), 2);
            print(after(start));
            print(j);
            print(MaxOf(Abs(j - numeric)).Value < 1e-7);
            print(Det(j));
            print(mass(start) / mass(after(start)));
        });
    }
}
