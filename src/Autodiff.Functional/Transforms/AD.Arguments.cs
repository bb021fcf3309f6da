// The transforms of functions of two to four arguments: each is that of one argument, with tuples in place of an expression. Functions of more
// arguments, or of arguments that belong together, take trees.

using Autodiff.Functional.Programs;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>(x, y) ↦ (∂f/∂x, ∂f/∂y), in one reverse sweep.</summary>
    /// <param name="f">A function of two arguments to a scalar.</param>
    /// <returns>A function to the gradients, each of the shape of its argument.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, (Expr, Expr)> Grad(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("Grad", f);
        return (x, y) => Pair(Gradients("Grad", [x, y], g).Gradients);
    }

    /// <summary>(x, y, z) ↦ (∂f/∂x, ∂f/∂y, ∂f/∂z), in one reverse sweep.</summary>
    /// <param name="f">A function of three arguments to a scalar.</param>
    /// <returns>A function to the gradients, each of the shape of its argument.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, (Expr, Expr, Expr)> Grad(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Grad", f);
        return (x, y, z) => Triple(Gradients("Grad", [x, y, z], g).Gradients);
    }

    /// <summary>(x, y, z, w) ↦ (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w), in one reverse sweep.</summary>
    /// <param name="f">A function of four arguments to a scalar.</param>
    /// <returns>A function to the gradients, each of the shape of its argument.</returns>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr, Expr, Expr, Expr)> Grad(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Grad", f);
        return (x, y, z, w) => Quadruple(Gradients("Grad", [x, y, z, w], g).Gradients);
    }

    /// <summary>(x, y) ↦ the gradient in one of the arguments; the others are constants, for which no sweep is made.</summary>
    /// <param name="f">A function of two arguments to a scalar.</param>
    /// <param name="argument">The number of the argument, from 0 to 1.</param>
    /// <returns>A function of all arguments to the gradient, of the shape of the chosen one.</returns>
    /// <exception cref="AutodiffException">There is no such argument.</exception>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr> Grad(Func<Expr, Expr, Expr> f, int argument)
    {
        var g = Spread("Grad", f);
        MustBeArgument("Grad", argument, 2);
        return (x, y) => GradientIn(argument, [x, y], g);
    }

    /// <summary>(x, y, z) ↦ the gradient in one of the arguments; the others are constants, for which no sweep is made.</summary>
    /// <param name="f">A function of three arguments to a scalar.</param>
    /// <param name="argument">The number of the argument, from 0 to 2.</param>
    /// <returns>A function of all arguments to the gradient, of the shape of the chosen one.</returns>
    /// <exception cref="AutodiffException">There is no such argument.</exception>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, Expr> Grad(Func<Expr, Expr, Expr, Expr> f, int argument)
    {
        var g = Spread("Grad", f);
        MustBeArgument("Grad", argument, 3);
        return (x, y, z) => GradientIn(argument, [x, y, z], g);
    }

    /// <summary>(x, y, z, w) ↦ the gradient in one of the arguments; the others are constants, for which no sweep is made.</summary>
    /// <param name="f">A function of four arguments to a scalar.</param>
    /// <param name="argument">The number of the argument, from 0 to 3.</param>
    /// <returns>A function of all arguments to the gradient, of the shape of the chosen one.</returns>
    /// <exception cref="AutodiffException">There is no such argument.</exception>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, Expr, Expr> Grad(Func<Expr, Expr, Expr, Expr, Expr> f, int argument)
    {
        var g = Spread("Grad", f);
        MustBeArgument("Grad", argument, 4);
        return (x, y, z, w) => GradientIn(argument, [x, y, z, w], g);
    }

    /// <summary>(x, y) ↦ (f, (∂f/∂x, ∂f/∂y)).</summary>
    /// <param name="f">A function of two arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, (Expr Value, (Expr, Expr) Gradient)> ValueAndGrad(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("ValueAndGrad", f);
        return (x, y) => Gradients("ValueAndGrad", [x, y], g) is var (value, gradients) ? (value, Pair(gradients)) : default;
    }

    /// <summary>(x, y, z) ↦ (f, (∂f/∂x, ∂f/∂y, ∂f/∂z)).</summary>
    /// <param name="f">A function of three arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr) Gradient)> ValueAndGrad(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("ValueAndGrad", f);
        return (x, y, z) => Gradients("ValueAndGrad", [x, y, z], g) is var (value, gradients) ? (value, Triple(gradients)) : default;
    }

    /// <summary>(x, y, z, w) ↦ (f, (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w)).</summary>
    /// <param name="f">A function of four arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr, Expr) Gradient)> ValueAndGrad(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("ValueAndGrad", f);
        return (x, y, z, w) => Gradients("ValueAndGrad", [x, y, z, w], g) is var (value, gradients) ? (value, Quadruple(gradients)) : default;
    }

    /// <summary>x ↦ (f(x), ∇f(x), aux), for a function that returns something beside its value, such as a prediction or a new state.</summary>
    /// <param name="f">A function of one argument to a scalar and anything else.</param>
    /// <typeparam name="TAux">The type of what f returns beside its value. If it is a tree (see <see cref="Tree"/>), its leaves come as values.</typeparam>
    /// <exception cref="ShapeException">When called: the first result of f is not a scalar.</exception>
    public static Func<Expr, (Expr Value, Expr Gradient, TAux Aux)> GradWithAux<TAux>(Func<Expr, (Expr Value, TAux Aux)> f)
    {
        var g = Spread("GradWithAux", f);
        return x => GradientsWithAux([x], g) is var (value, gradients, aux) ? (value, gradients[0], aux) : default;
    }

    /// <summary>(x, y) ↦ (f, (∂f/∂x, ∂f/∂y), aux), for a function that returns something beside its value, such as a prediction or a new state.</summary>
    /// <param name="f">A function of two arguments to a scalar and anything else.</param>
    /// <typeparam name="TAux">The type of what f returns beside its value. If it is a tree (see <see cref="Tree"/>), its leaves come as values.</typeparam>
    /// <exception cref="ShapeException">When called: the first result of f is not a scalar.</exception>
    public static Func<Expr, Expr, (Expr Value, (Expr, Expr) Gradient, TAux Aux)> GradWithAux<TAux>(Func<Expr, Expr, (Expr Value, TAux Aux)> f)
    {
        var g = Spread("GradWithAux", f);
        return (x, y) => GradientsWithAux([x, y], g) is var (value, gradients, aux) ? (value, Pair(gradients), aux) : default;
    }

    /// <summary>(x, y, z) ↦ (f, (∂f/∂x, ∂f/∂y, ∂f/∂z), aux), for a function that returns something beside its value, such as a prediction or a new state.</summary>
    /// <param name="f">A function of three arguments to a scalar and anything else.</param>
    /// <typeparam name="TAux">The type of what f returns beside its value. If it is a tree (see <see cref="Tree"/>), its leaves come as values.</typeparam>
    /// <exception cref="ShapeException">When called: the first result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr) Gradient, TAux Aux)> GradWithAux<TAux>(Func<Expr, Expr, Expr, (Expr Value, TAux Aux)> f)
    {
        var g = Spread("GradWithAux", f);
        return (x, y, z) => GradientsWithAux([x, y, z], g) is var (value, gradients, aux) ? (value, Triple(gradients), aux) : default;
    }

    /// <summary>(x, y, z, w) ↦ (f, (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w), aux), for a function that returns something beside its value, such as a prediction or a new state.</summary>
    /// <param name="f">A function of four arguments to a scalar and anything else.</param>
    /// <typeparam name="TAux">The type of what f returns beside its value. If it is a tree (see <see cref="Tree"/>), its leaves come as values.</typeparam>
    /// <exception cref="ShapeException">When called: the first result of f is not a scalar.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr, Expr) Gradient, TAux Aux)> GradWithAux<TAux>(Func<Expr, Expr, Expr, Expr, (Expr Value, TAux Aux)> f)
    {
        var g = Spread("GradWithAux", f);
        return (x, y, z, w) => GradientsWithAux([x, y, z, w], g) is var (value, gradients, aux) ? (value, Quadruple(gradients), aux) : default;
    }

    /// <summary>(x, y) ↦ (f, r̄ ↦ (r̄·∂f/∂x, r̄·∂f/∂y)).</summary>
    /// <param name="f">A function of two arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When the pullback is called: the cotangent does not have the shape of the result.</exception>
    public static Func<Expr, Expr, (Expr Value, Func<Expr, (Expr, Expr)> Pullback)> Vjp(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("Vjp", f);
        return (x, y) => Pullback("Vjp", [x, y], g) is var (value, pull) ? (value, cotangent => Pair(pull(cotangent))) : default;
    }

    /// <summary>(x, y, z) ↦ (f, r̄ ↦ (r̄·∂f/∂x, r̄·∂f/∂y, r̄·∂f/∂z)).</summary>
    /// <param name="f">A function of three arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When the pullback is called: the cotangent does not have the shape of the result.</exception>
    public static Func<Expr, Expr, Expr, (Expr Value, Func<Expr, (Expr, Expr, Expr)> Pullback)> Vjp(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Vjp", f);
        return (x, y, z) => Pullback("Vjp", [x, y, z], g) is var (value, pull) ? (value, cotangent => Triple(pull(cotangent))) : default;
    }

    /// <summary>(x, y, z, w) ↦ (f, r̄ ↦ (r̄·∂f/∂x, r̄·∂f/∂y, r̄·∂f/∂z, r̄·∂f/∂w)).</summary>
    /// <param name="f">A function of four arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When the pullback is called: the cotangent does not have the shape of the result.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr Value, Func<Expr, (Expr, Expr, Expr, Expr)> Pullback)> Vjp(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Vjp", f);
        return (x, y, z, w) => Pullback("Vjp", [x, y, z, w], g) is var (value, pull) ? (value, cotangent => Quadruple(pull(cotangent))) : default;
    }

    /// <summary>(x, y, ẋ, ẏ) ↦ (f, ∂f/∂x·ẋ + ∂f/∂y·ẏ).</summary>
    /// <param name="f">A function of two arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When called: a tangent does not have the shape of its argument.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr Value, Expr Tangent)> Jvp(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("Jvp", f);
        return (x, y, tangentX, tangentY) => Pushforward("Jvp", [x, y], g) is var (value, push) ? (value, push([tangentX, tangentY])) : default;
    }

    /// <summary>(x, y, z, ẋ, ẏ, ż) ↦ (f, ∂f/∂x·ẋ + ∂f/∂y·ẏ + ∂f/∂z·ż).</summary>
    /// <param name="f">A function of three arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When called: a tangent does not have the shape of its argument.</exception>
    public static Func<Expr, Expr, Expr, Expr, Expr, Expr, (Expr Value, Expr Tangent)> Jvp(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Jvp", f);
        return (x, y, z, tangentX, tangentY, tangentZ) => Pushforward("Jvp", [x, y, z], g) is var (value, push) ? (value, push([tangentX, tangentY, tangentZ])) : default;
    }

    /// <summary>(x, y, z, w, ẋ, ẏ, ż, ẇ) ↦ (f, ∂f/∂x·ẋ + ∂f/∂y·ẏ + ∂f/∂z·ż + ∂f/∂w·ẇ).</summary>
    /// <param name="f">A function of four arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When called: a tangent does not have the shape of its argument.</exception>
    public static Func<Expr, Expr, Expr, Expr, Expr, Expr, Expr, Expr, (Expr Value, Expr Tangent)> Jvp(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Jvp", f);
        return (x, y, z, w, tangentX, tangentY, tangentZ, tangentW) => Pushforward("Jvp", [x, y, z, w], g) is var (value, push) ? (value, push([tangentX, tangentY, tangentZ, tangentW])) : default;
    }

    /// <summary>(x, y) ↦ (f, (ẋ, ẏ) ↦ ∂f/∂x·ẋ + ∂f/∂y·ẏ).</summary>
    /// <param name="f">A function of two arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When the pushforward is called: a tangent does not have the shape of its argument.</exception>
    public static Func<Expr, Expr, (Expr Value, Func<Expr, Expr, Expr> Pushforward)> Linearize(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("Linearize", f);
        return (x, y) => Pushforward("Linearize", [x, y], g) is var (value, push) ? (value, (tangentX, tangentY) => push([tangentX, tangentY])) : default;
    }

    /// <summary>(x, y, z) ↦ (f, (ẋ, ẏ, ż) ↦ ∂f/∂x·ẋ + ∂f/∂y·ẏ + ∂f/∂z·ż).</summary>
    /// <param name="f">A function of three arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When the pushforward is called: a tangent does not have the shape of its argument.</exception>
    public static Func<Expr, Expr, Expr, (Expr Value, Func<Expr, Expr, Expr, Expr> Pushforward)> Linearize(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Linearize", f);
        return (x, y, z) => Pushforward("Linearize", [x, y, z], g) is var (value, push) ? (value, (tangentX, tangentY, tangentZ) => push([tangentX, tangentY, tangentZ])) : default;
    }

    /// <summary>(x, y, z, w) ↦ (f, (ẋ, ẏ, ż, ẇ) ↦ ∂f/∂x·ẋ + ∂f/∂y·ẏ + ∂f/∂z·ż + ∂f/∂w·ẇ).</summary>
    /// <param name="f">A function of four arguments, of any result shape.</param>
    /// <exception cref="ShapeException">When the pushforward is called: a tangent does not have the shape of its argument.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr Value, Func<Expr, Expr, Expr, Expr, Expr> Pushforward)> Linearize(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Linearize", f);
        return (x, y, z, w) => Pushforward("Linearize", [x, y, z, w], g) is var (value, push) ? (value, (tangentX, tangentY, tangentZ, tangentW) => push([tangentX, tangentY, tangentZ, tangentW])) : default;
    }

    /// <summary>(x, y) ↦ the Jacobians (∂f/∂x, ∂f/∂y), each of shape output shape ++ shape of the argument; by whichever mode needs fewer sweeps.</summary>
    /// <param name="f">A function of two arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, (Expr, Expr)> Jacobian(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("Jacobian", f);
        return (x, y) => Pair(Jacobians.ByFewerSweeps(new("Jacobian", [x, y], g)));
    }

    /// <summary>(x, y, z) ↦ the Jacobians (∂f/∂x, ∂f/∂y, ∂f/∂z), each of shape output shape ++ shape of the argument; by whichever mode needs fewer sweeps.</summary>
    /// <param name="f">A function of three arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, Expr, (Expr, Expr, Expr)> Jacobian(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Jacobian", f);
        return (x, y, z) => Triple(Jacobians.ByFewerSweeps(new("Jacobian", [x, y, z], g)));
    }

    /// <summary>(x, y, z, w) ↦ the Jacobians (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w), each of shape output shape ++ shape of the argument; by whichever mode needs fewer sweeps.</summary>
    /// <param name="f">A function of four arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, Expr, Expr, (Expr, Expr, Expr, Expr)> Jacobian(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Jacobian", f);
        return (x, y, z, w) => Quadruple(Jacobians.ByFewerSweeps(new("Jacobian", [x, y, z, w], g)));
    }

    /// <summary>(x, y) ↦ the Jacobians (∂f/∂x, ∂f/∂y) by forward mode: one sweep for each element of each argument.</summary>
    /// <param name="f">A function of two arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, (Expr, Expr)> JacobianForward(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("JacobianForward", f);
        return (x, y) => Pair(Jacobians.ByColumns(new("JacobianForward", [x, y], g)));
    }

    /// <summary>(x, y, z) ↦ the Jacobians (∂f/∂x, ∂f/∂y, ∂f/∂z) by forward mode: one sweep for each element of each argument.</summary>
    /// <param name="f">A function of three arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, Expr, (Expr, Expr, Expr)> JacobianForward(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("JacobianForward", f);
        return (x, y, z) => Triple(Jacobians.ByColumns(new("JacobianForward", [x, y, z], g)));
    }

    /// <summary>(x, y, z, w) ↦ the Jacobians (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w) by forward mode: one sweep for each element of each argument.</summary>
    /// <param name="f">A function of four arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, Expr, Expr, (Expr, Expr, Expr, Expr)> JacobianForward(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("JacobianForward", f);
        return (x, y, z, w) => Quadruple(Jacobians.ByColumns(new("JacobianForward", [x, y, z, w], g)));
    }

    /// <summary>(x, y) ↦ the Jacobians (∂f/∂x, ∂f/∂y) by reverse mode: one sweep for each element of the result.</summary>
    /// <param name="f">A function of two arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, (Expr, Expr)> JacobianReverse(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("JacobianReverse", f);
        return (x, y) => Pair(Jacobians.ByRows(new("JacobianReverse", [x, y], g)));
    }

    /// <summary>(x, y, z) ↦ the Jacobians (∂f/∂x, ∂f/∂y, ∂f/∂z) by reverse mode: one sweep for each element of the result.</summary>
    /// <param name="f">A function of three arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, Expr, (Expr, Expr, Expr)> JacobianReverse(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("JacobianReverse", f);
        return (x, y, z) => Triple(Jacobians.ByRows(new("JacobianReverse", [x, y, z], g)));
    }

    /// <summary>(x, y, z, w) ↦ the Jacobians (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w) by reverse mode: one sweep for each element of the result.</summary>
    /// <param name="f">A function of four arguments, of any argument and result shapes.</param>
    public static Func<Expr, Expr, Expr, Expr, (Expr, Expr, Expr, Expr)> JacobianReverse(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("JacobianReverse", f);
        return (x, y, z, w) => Quadruple(Jacobians.ByRows(new("JacobianReverse", [x, y, z, w], g)));
    }

    /// <summary>(x, y, ẋ, ẏ) ↦ the parts of H·(ẋ, ẏ) for x and y, where H is the Hessian in all arguments, which is not computed.</summary>
    /// <param name="f">A function of two arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar, or a direction does not have the shape of its argument.</exception>
    public static Func<Expr, Expr, Expr, Expr, (Expr, Expr)> Hvp(Func<Expr, Expr, Expr> f)
    {
        var g = Spread("Hvp", f);
        return (x, y, alongX, alongY) => Pair(HessianTimes([x, y], [alongX, alongY], g));
    }

    /// <summary>(x, y, z, ẋ, ẏ, ż) ↦ the parts of H·(ẋ, ẏ, ż) for x, y and z, where H is the Hessian in all arguments, which is not computed.</summary>
    /// <param name="f">A function of three arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar, or a direction does not have the shape of its argument.</exception>
    public static Func<Expr, Expr, Expr, Expr, Expr, Expr, (Expr, Expr, Expr)> Hvp(Func<Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Hvp", f);
        return (x, y, z, alongX, alongY, alongZ) => Triple(HessianTimes([x, y, z], [alongX, alongY, alongZ], g));
    }

    /// <summary>(x, y, z, w, ẋ, ẏ, ż, ẇ) ↦ the parts of H·(ẋ, ẏ, ż, ẇ) for x, y, z and w, where H is the Hessian in all arguments, which is not computed.</summary>
    /// <param name="f">A function of four arguments to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar, or a direction does not have the shape of its argument.</exception>
    public static Func<Expr, Expr, Expr, Expr, Expr, Expr, Expr, Expr, (Expr, Expr, Expr, Expr)> Hvp(Func<Expr, Expr, Expr, Expr, Expr> f)
    {
        var g = Spread("Hvp", f);
        return (x, y, z, w, alongX, alongY, alongZ, alongW) => Quadruple(HessianTimes([x, y, z, w], [alongX, alongY, alongZ, alongW], g));
    }

    private static void MustBeArgument(string operation, int argument, int count)
    {
        if (argument < 0 || argument >= count)
        {
            throw new AutodiffException($"{operation}: there is no argument {argument}; the {count} arguments of the function are numbered from 0 to {count - 1}.");
        }
    }

    /// <summary>The gradient in one argument of a function of several.</summary>
    private static Expr GradientIn(int argument, Expr[] arguments, Func<Expr[], Expr> f)
    {
        MustBeGiven("Grad", arguments);
        return Gradients("Grad", [arguments[argument]], v => f(WithArgument(arguments, argument, v[0]))).Gradients[0];
    }

    private static (Expr Value, Expr[] Gradients, TAux Aux) GradientsWithAux<TAux>(Expr[] arguments, Func<Expr[], (Expr Value, TAux Aux)> f)
    {
        TAux? aux = default;
        using var trace = new Trace("GradWithAux", arguments, v =>
        {
            (var value, aux) = f(v);
            return value;
        });
        var gradients = Gradients("GradWithAux", trace);
        return (trace.Value, gradients, aux is null ? aux! : Tree.With(aux, Array.ConvertAll(Tree.Leaves("GradWithAux", aux), trace.Settled)));
    }
}
