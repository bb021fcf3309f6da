// The ONNX forms of the primitives that hold computations: a loop, the reverse sweep through a loop, and a choice.

using Autodiff.Functional.Programs;
using static Autodiff.Functional.Interchange.Onnx.Messages;
using GraphValue = (string Name, Autodiff.Functional.Interchange.Onnx.ElementType Type, Autodiff.Functional.Shape Shape);

namespace Autodiff.Functional.Interchange.Onnx;

/// <summary>Writes programs into a graph.</summary>
internal sealed class ProgramForms(ModelWriter writer, GraphWriter graph)
{
    /// <summary>Writes a program over operands; returns the name of its value.</summary>
    public string Write(ProgramPrimitive program, Expr node, string[] operands) => program switch
    {
        Loop loop => writer.Packed(graph, loop.Layout, Parts(loop, operands)),
        LoopAdjoint adjoint => writer.Packed(graph, adjoint.Layout, Parts(adjoint, operands)),
        Choice choice => writer.Packed(graph, choice.Layout, Parts(choice, operands)),
        Function function => throw new AutodiffException($"ToOnnx: {function.Operation} is called so often that the model would have too many operations; call it in a loop, or fewer times."),
        _ => throw new AutodiffException($"ToOnnx: {program.Operation} cannot be written as an ONNX model, because there is no standard operator for it."),
    };

    /// <summary>If, with a graph for each branch, which reads the captured values from outside.</summary>
    private string[] Parts(Choice choice, string[] operands)
    {
        var captured = new HashSet<string>();
        byte[] Branch(string name, Computation computation)
        {
            var inner = graph.Inner();
            var results = writer.Write(inner, computation, operands.AsSpan(1));
            var (bytes, names) = inner.ToGraph(name, [], [.. results.Select((result, i) => new GraphValue(result, ElementType.Real, computation.Results[i].Shape))]);
            captured.UnionWith(names);
            return GraphAttribute(name, bytes);
        }

        return graph.Add("If", [graph.Condition(operands[0])], choice.Layout.Count, captured, Branch("then_branch", choice.Then), Branch("else_branch", choice.Otherwise));
    }

    private string[] Parts(Loop loop, string[] operands)
    {
        var run = Forward(loop, operands, (inner, step, arguments) =>
        {
            var results = writer.Write(inner, step, arguments);
            return (results[..loop.States], results[loop.States..]);
        });
        return
        [
            .. run.States.Select(state => Guarded(run.GoesOn, state)),
            .. run.Outputs.Select(output => loop.IsReversed && loop.Steps > 0 ? PrimitiveForms.Flipped(graph, output, 0) : output),
        ];
    }

    /// <summary>
    /// The loop forward, whose outputs are the states before each step that the pullback reads; then a loop backward over these, which carries the
    /// cotangents of the state and the sums for captured values, and whose outputs are the cotangents of items.
    /// </summary>
    private string[] Parts(LoopAdjoint adjoint, string[] operands)
    {
        var loop = adjoint.Loop;
        var (cotangent, own) = (operands[^1], operands[..^1]);
        string Seed(int part) => writer.Part(graph, loop.Layout, cotangent, part);
        var flows = Enumerable.Range(0, loop.States).Select(Seed);
        int[] items = [.. adjoint.Operands.Where(loop.IsItem)];
        int[] sums = [.. adjoint.Operands.Where(operand => operand >= loop.States + loop.Items)];
        if (loop.Condition is null && loop.Steps == 0)
        {
            var initial = flows.ToArray();
            return Array.ConvertAll(adjoint.Operands, operand => operand < loop.States ? initial[operand] : graph.Filled(0, loop.OperandShape(operand)));
        }

        var reads = adjoint.StepBack.Reads();
        int[] kept = [.. Enumerable.Range(0, loop.States).Where(state => reads[state])];
        var run = kept.Length == 0 && loop.Condition is null
            ? new LoopResults([], [], graph.Integer(loop.Steps), null)
            : Forward(
                loop,
                own,
                (inner, step, arguments) => (writer.Write(inner, step, arguments)[..loop.States], [.. kept.Select(state => arguments[state])]),
                [.. kept.Select(state => loop.Step.Parameters[state].Shape)]);

        string[] seeds = [.. Enumerable.Range(loop.States, loop.Outputs).Select(Seed)];
        var body = graph.Inner();
        var step = body.NewName();
        var goesOn = body.NewName();
        var state = body.Add("Sub", [body.Add("Sub", [run.Count, body.Integer(1)]), step]);
        var item = loop.IsReversed ? body.Add("Sub", [body.Integer(loop.Steps - 1), state]) : state;
        string[] carried = [.. Enumerable.Range(0, loop.States + sums.Length).Select(_ => body.NewName())];
        var arguments = new string[adjoint.StepBack.Parameters.Length];
        for (var i = 0; i < loop.OperandCount; i++)
        {
            arguments[i] = i < loop.States ? Array.IndexOf(kept, i) is var place and >= 0 ? At(body, run.Outputs[place], state) : own[i]
                : loop.IsItem(i) ? At(body, own[i], item)
                : own[i];
        }

        for (var part = 0; part < loop.Step.Results.Length; part++)
        {
            arguments[loop.OperandCount + part] = part < loop.States ? carried[part] : At(body, seeds[part - loop.States], item);
        }

        // The results after those of the states are the cotangents of the wanted items and captured values, in order.
        var results = writer.Write(body, adjoint.StepBack, arguments);
        var ofOperands = results[loop.States..];
        int[] operandsOfResults = [.. adjoint.Operands.Where(operand => operand >= loop.States)];
        string ResultOf(int operand) => ofOperands[Array.IndexOf(operandsOfResults, operand)];
        string[] next = [.. results[..loop.States], .. sums.Select((operand, i) => body.Add("Add", [carried[loop.States + i], ResultOf(operand)]))];
        Shape[] shapes = [.. loop.Step.Results[..loop.States].Select(result => result.Shape), .. sums.Select(loop.OperandShape)];
        var (backward, captured) = body.ToGraph(
            "backward",
            [new(step, ElementType.Integer, Shape.Scalar), new(goesOn, ElementType.Boolean, Shape.Scalar), .. carried.Zip(shapes, (name, shape) => new GraphValue(name, ElementType.Real, shape))],
            [
                new(goesOn, ElementType.Boolean, Shape.Scalar),
                .. next.Zip(shapes, (name, shape) => new GraphValue(name, ElementType.Real, shape)),
                .. items.Select(operand => new GraphValue(ResultOf(operand), ElementType.Real, loop.Step.Parameters[operand].Shape)),
            ]);
        var outputs = graph.Add(
            "Loop",
            [run.Count, "", .. flows, .. sums.Select(operand => graph.Filled(0, loop.OperandShape(operand)))],
            next.Length + items.Length,
            captured,
            GraphAttribute("body", backward));
        return Array.ConvertAll(adjoint.Operands, operand => Guarded(
            run.GoesOn,
            operand < loop.States ? outputs[operand]
                : !loop.IsItem(operand) ? outputs[loop.States + Array.IndexOf(sums, operand)]
                : outputs[next.Length + Array.IndexOf(items, operand)] is var stack && loop.IsReversed ? stack
                : PrimitiveForms.Flipped(graph, stack, 0)));
    }

    /// <summary>Writes a loop forward.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="operands">The names of its operands.</param>
    /// <param name="write">Writes a step over its arguments into the graph of the body; returns the next state and the outputs.</param>
    /// <param name="outputShapes">The shapes of the outputs of a step; null if they are those of the loop.</param>
    private LoopResults Forward(Loop loop, string[] operands, Func<GraphWriter, Computation, string[], (string[] States, string[] Outputs)> write, Shape[]? outputShapes = null)
    {
        outputShapes ??= [.. loop.Step.Results[loop.States..].Select(result => result.Shape)];
        if (loop.Condition is null && loop.Steps == 0)
        {
            return new(operands[..loop.States], [.. outputShapes.Select(shape => graph.Filled(0, new([0, .. shape.Lengths])))], graph.Integer(0), null);
        }

        if (loop.Condition is not null && loop.Items + loop.Outputs > 0)
        {
            throw new AutodiffException($"ToOnnx: {loop.Operation} cannot be written as an ONNX model, because it has a condition and also items or outputs, whose number is then not known.");
        }

        var body = graph.Inner();
        var (step, goesOnIn) = (body.NewName(), body.NewName());
        string[] states = [.. operands[..loop.States].Select(_ => body.NewName())];
        Shape[] shapes = [.. loop.Step.Results[..loop.States].Select(result => result.Shape)];
        var item = loop.IsReversed ? body.Add("Sub", [body.Integer(loop.Steps - 1), step]) : step;
        string[] arguments =
        [
            .. states,
            .. operands.Skip(loop.States).Take(loop.Items).Select(items => At(body, items, item)),
            .. operands.Skip(loop.States + loop.Items),
        ];
        var (next, outputs) = write(body, loop.Step, arguments);
        string Test(GraphWriter where, string[] state) => where.Add(
            "Greater", [where.Add("Abs", [writer.Write(where, loop.Condition!, [.. state, .. operands.Skip(loop.States + loop.Items)])[0]]), where.Number(0)]);

        // Beside the state a loop with a condition carries whether there is another step, and how many there were.
        var isCounted = loop.Condition is not null;
        var (held, count) = (body.NewName(), body.NewName());
        var goesOn = isCounted ? Test(body, next) : goesOnIn;
        GraphValue[] counters = isCounted ? [new(held, ElementType.Boolean, Shape.Scalar), new(count, ElementType.Integer, Shape.Scalar)] : [];
        GraphValue[] counted = isCounted ? [new(goesOn, ElementType.Boolean, Shape.Scalar), new(body.Add("Add", [count, body.Integer(1)]), ElementType.Integer, Shape.Scalar)] : [];
        var (bytes, captured) = body.ToGraph(
            "body",
            [new(step, ElementType.Integer, Shape.Scalar), new(goesOnIn, ElementType.Boolean, Shape.Scalar), .. states.Zip(shapes, (name, shape) => new GraphValue(name, ElementType.Real, shape)), .. counters],
            [
                new(goesOn, ElementType.Boolean, Shape.Scalar),
                .. next.Zip(shapes, (name, shape) => new GraphValue(name, ElementType.Real, shape)),
                .. counted,
                .. outputs.Zip(outputShapes, (name, shape) => new GraphValue(name, ElementType.Real, shape)),
            ]);
        var start = isCounted ? Test(graph, operands[..loop.States]) : "";
        var limit = isCounted && loop.Steps == int.MaxValue ? "" : graph.Integer(loop.Steps);
        var all = graph.Add(
            "Loop",
            [limit, start, .. operands[..loop.States], .. isCounted ? [start, graph.Integer(0)] : Array.Empty<string>()],
            loop.States + counters.Length + outputs.Length,
            captured,
            GraphAttribute("body", bytes));
        return new(
            all[..loop.States],
            all[(loop.States + counters.Length)..],
            isCounted ? all[loop.States + 1] : graph.Integer(loop.Steps),
            limit.Length > 0 && isCounted ? all[loop.States] : null);
    }

    /// <summary>A result of a loop; NaN where the condition still holds after the most steps that are allowed, which is an error in this library.</summary>
    private string Guarded(string? goesOn, string result) => goesOn is null ? result : graph.Add("Where", [goesOn, graph.Number(double.NaN), result]);

    private static string At(GraphWriter body, string stack, string position) => body.Add("Gather", [stack, position], Attribute("axis", 0));

    /// <summary>The results of a loop: the final state, the stacks of outputs, the number of steps, and, if the steps are limited, whether it would go on.</summary>
    private sealed record LoopResults(string[] States, string[] Outputs, string Count, string? GoesOn);
}
