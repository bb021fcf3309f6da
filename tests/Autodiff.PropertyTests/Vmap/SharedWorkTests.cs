// What does not depend on the sample is computed once, not once for every sample; and the function itself is run once.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Batches;

public class SharedWorkTests
{
    private static readonly Expr s_samples = Sin(Arange(7));

    private readonly Func<Expr, Expr> _counted;
    private int _evaluations;

    // An evaluation is one of one number: the function is called for each element of its operand.
    public SharedWorkTests() => _counted = Primitive.Define(
        "counted",
        x =>
        {
            _evaluations++;
            return 2 * x;
        },
        (x, y) => 2);

    [Fact]
    public void The_function_is_run_once()
    {
        var runs = 0;
        Vmap(x =>
        {
            runs++;
            return x * x;
        })(s_samples);
        Assert.Equal(1, runs);
    }

    [Fact]
    public void What_depends_on_the_sample_is_evaluated_once_a_sample() => Evaluates(7, () => Vmap(_counted)(s_samples));

    [Fact]
    public void A_shared_argument_is_worked_on_once() => Evaluates(1, () => Vmap((x, p) => x * _counted(p), (0, null))(s_samples, 3));

    [Fact]
    public void What_a_closure_computes_of_outside_is_computed_once() => Evaluates(1, () => 3 is var p ? Vmap(x => x * _counted(p))(s_samples) : 0);

    [Fact]
    public void A_shared_variable_of_an_outer_derivative_is_worked_on_once() =>
        Evaluates(1, () => Grad(p => Sum(Vmap(x => x * _counted(p))(s_samples)))(3));

    [Fact]
    public void A_shared_argument_is_worked_on_once_where_the_derivative_is_batched() =>
        Evaluates(1, () => Vmap((x, p) => Grad(v => v * _counted(p))(x), (0, null))(s_samples, 3));

    [Fact]
    public void What_depends_on_the_outer_sample_alone_is_computed_once_for_each_of_those() =>
        Evaluates(7, () => Vmap(x => Vmap(y => y * _counted(x))(Ones(100)))(s_samples));

    [Fact]
    public void What_depends_on_the_inner_sample_alone_is_computed_once_for_each_of_those() =>
        Evaluates(7, () => Vmap(x => Vmap(y => x * _counted(y))(s_samples))(Ones(100)));

    [Fact]
    public void A_loop_over_what_all_samples_share_is_run_once() =>
        Evaluates(5, () => Vmap((x, p) => x * Fold((s, item) => s + _counted(item), p, Arange(5)), (0, null))(s_samples, Variable("p", 1)));

    [Fact]
    public void What_all_samples_share_in_a_step_is_computed_once_a_step() =>
        Evaluates(5, () => Vmap(x => Fold((s, item) => s + (x * _counted(item)), 0, Arange(5)))(s_samples));

    [Fact]
    public void What_a_step_computes_of_the_captured_alone_is_computed_once() =>
        Evaluates(1, () => 3 is var p ? Vmap(x => Iterate(5, s => s * _counted(p), x))(s_samples) : 0);

    [Fact]
    public void A_computation_that_stands_twice_is_done_once() => Evaluates(7, () => Vmap(x => _counted(x) + _counted(x))(s_samples));

    private void Evaluates(int times, Func<Expr> compute)
    {
        _evaluations = 0;
        _ = compute().ToArray();
        Assert.Equal(times, _evaluations);
    }
}
