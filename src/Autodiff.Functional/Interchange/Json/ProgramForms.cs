// The JSON forms of loops, branches, calls, solutions of equations and functions of matrices.

using System.Text.Json;
using Autodiff.Functional.Compilation;
using Autodiff.Functional.Programs;
using Autodiff.Functional.Solvers;

namespace Autodiff.Functional.Interchange;

internal static class ProgramForms
{
    public static IReadOnlyList<ProgramForm> All { get; } = [new OfFunction(), new OfLoop(), new OfLoopAdjoint(), new OfChoice(), new OfRoot(), new OfSpectralFunction()];

    /// <summary>A call. A rule of the user has been traced, so it is a computation like any other.</summary>
    private sealed class OfFunction() : ProgramForm<Function>(Op.Call)
    {
        protected override IReadOnlyList<(string Field, Computation Computation)> ComputationsOf(Function function) =>
            function.Rule is { } rule ? [("function", function.Value), ("rule", rule.Computation)] : [("function", function.Value)];

        protected override void Write(Function function, Utf8JsonWriter json, IReadOnlyDictionary<ProgramPrimitive, int> programs)
        {
            json.WriteString("operation", function.Operation);
            json.WriteOptional("name", function.Name);
            if (function.Rule is { } rule)
            {
                json.WriteNumber("arguments", rule.Arguments);
                json.WriteFlag("pullback", rule.IsPullback);
            }

            if (function.BackEnd is not null)
            {
                var options = (function.BackEnd as MachineBackEnd)?.Options ?? throw new AutodiffException($"ToJson: a function is compiled by a {function.BackEnd.GetType().Name}, which cannot be saved.");
                json.WriteStartObject("compile");
                json.WriteNumber("threads", options.Threads);
                json.WriteFlag("interpret", options.Interpret);
                json.WriteEndObject();
            }
        }

        public override Function Read(ProgramFields fields)
        {
            var value = fields.Read("function");
            DerivativeRule? rule = null;
            if (fields.Fields.Has("rule"))
            {
                rule = new(fields.Read("rule"), fields.Fields.Whole("arguments", 1, value.Parameters.Length), fields.Fields.Flag("pullback"));
                if (value.Results.Length != 1)
                {
                    throw fields.Fields.Error("function", "a function with a rule has one result.");
                }

                var (argument, result) = (value.Parameters[0].Shape, value.Results[0].Shape);
                MustTake(fields.Fields, "rule", rule.Computation, [.. Shapes(value.Parameters), rule.IsPullback ? result : argument], [rule.IsPullback ? argument : result]);
            }

            IBackEnd? backEnd = null;
            if (fields.Fields.Has("compile"))
            {
                var options = fields.Fields.Object("compile");
                backEnd = new MachineBackEnd(new(options.Whole("threads", 1, int.MaxValue), options.Flag("interpret")));
                options.End();
            }

            return new(fields.Fields.Text("operation"), value, backEnd)
            {
                Rule = rule,
                Name = fields.Fields.Has("name") ? fields.Fields.Text("name") : null,
            };
        }

        protected override IReadOnlyList<Shape> OperandsOf(Function function, Expr[] operands) => [.. Shapes(function.Value.Parameters)];

        protected override Expr Node(Function function, Expr[] operands) => function.Node(operands);
    }

    /// <summary>
    /// A loop. That a loop was restricted from another (<see cref="Loop.Whole"/>) is not written: it only lets compiled code keep states for both. Neither is who
    /// watches it.
    /// </summary>
    private sealed class OfLoop() : ProgramForm<Loop>(Op.Loop)
    {
        protected override IReadOnlyList<(string Field, Computation Computation)> ComputationsOf(Loop loop) =>
            loop.Condition is { } condition ? [("step", loop.Step), ("condition", condition)] : [("step", loop.Step)];

        protected override void Write(Loop loop, Utf8JsonWriter json, IReadOnlyDictionary<ProgramPrimitive, int> programs)
        {
            json.WriteString("operation", loop.Operation);
            json.WriteNumber("states", loop.States);
            json.WriteNumber("items", loop.Items);
            json.WriteNumber("steps", loop.Steps);
            json.WriteFlag("reversed", loop.IsReversed);
            json.WriteNumber("stride", loop.Stride);
        }

        public override Loop Read(ProgramFields fields)
        {
            var (step, own) = (fields.Read("step"), fields.Fields);
            var condition = own.Has("condition") ? fields.Read("condition") : null;
            var states = own.Whole("states", 0, Math.Min(step.Parameters.Length, step.Results.Length));
            var items = own.Whole("items", 0, step.Parameters.Length - states);
            if (!Shapes(step.Parameters[..states]).SequenceEqual(Shapes(step.Results[..states])))
            {
                throw own.Error("step", "the state after a step must have the shapes of the state before it.");
            }

            if (condition is not null)
            {
                MustTake(own, "condition", condition, Shapes([.. step.Parameters[..states], .. step.Parameters[(states + items)..]]), [Shape.Scalar]);
            }

            return new(own.Text("operation"), step, condition, states, items, own.Whole("steps", 0, int.MaxValue), own.Flag("reversed"), own.Whole("stride", 1, int.MaxValue));
        }

        protected override IReadOnlyList<Shape> OperandsOf(Loop loop, Expr[] operands) => [.. Enumerable.Range(0, loop.OperandCount).Select(loop.OperandShape)];

        protected override Expr Node(Loop loop, Expr[] operands) => loop.Node(operands);
    }

    private sealed class OfLoopAdjoint() : ProgramForm<LoopAdjoint>(Op.LoopAdjoint)
    {
        protected override IReadOnlyList<(string Field, Computation Computation)> ComputationsOf(LoopAdjoint adjoint) => [("stepBack", adjoint.StepBack)];

        protected override IReadOnlyList<ProgramPrimitive> ProgramsOf(LoopAdjoint adjoint) => [adjoint.Loop];

        protected override void Write(LoopAdjoint adjoint, Utf8JsonWriter json, IReadOnlyDictionary<ProgramPrimitive, int> programs)
        {
            json.WriteNumber("loop", programs[adjoint.Loop]);
            json.WriteWholeNumbers("wanted", adjoint.Operands);
        }

        public override LoopAdjoint Read(ProgramFields fields)
        {
            var loop = fields.Program<Loop>("loop");
            var wanted = fields.Fields.WholeNumbers("wanted", 0, loop.OperandCount - 1);
            if (!wanted.Order().Distinct().SequenceEqual(wanted))
            {
                throw fields.Fields.Error("wanted", "the operands must ascend.");
            }

            var back = fields.Read("stepBack");
            var parameters = loop.Step.Parameters;
            MustTake(
                fields.Fields,
                "stepBack",
                back,
                Shapes([.. parameters, .. loop.Step.Results]),
                Shapes([.. parameters[..loop.States], .. wanted.Where(operand => operand >= loop.States).Select(operand => parameters[operand])]));
            return new(loop, wanted, back);
        }

        protected override IReadOnlyList<Shape> OperandsOf(LoopAdjoint adjoint, Expr[] operands) =>
            [.. Enumerable.Range(0, adjoint.Loop.OperandCount).Select(adjoint.Loop.OperandShape), adjoint.Loop.Layout.Shape];

        protected override Expr Node(LoopAdjoint adjoint, Expr[] operands) => adjoint.Node(operands.AsSpan()[..^1], operands[^1]);
    }

    private sealed class OfChoice() : ProgramForm<Choice>(Op.Cond)
    {
        protected override IReadOnlyList<(string Field, Computation Computation)> ComputationsOf(Choice choice) => [("then", choice.Then), ("otherwise", choice.Otherwise)];

        protected override void Write(Choice choice, Utf8JsonWriter json, IReadOnlyDictionary<ProgramPrimitive, int> programs) => json.WriteString("operation", choice.Operation);

        public override Choice Read(ProgramFields fields)
        {
            var (then, otherwise) = (fields.Read("then"), fields.Read("otherwise"));
            MustTake(fields.Fields, "otherwise", otherwise, Shapes(then.Parameters), Shapes(then.Results));
            return new(fields.Fields.Text("operation"), then, otherwise);
        }

        protected override IReadOnlyList<Shape> OperandsOf(Choice choice, Expr[] operands) => [Shape.Scalar, .. Shapes(choice.Then.Parameters)];

        protected override Expr Node(Choice choice, Expr[] operands) => choice.Node(operands[0], operands.AsSpan(1));
    }

    /// <summary>A solution of equations, found by one of the searches of the library.</summary>
    private sealed class OfRoot() : ProgramForm<RootProblem>(Op.Root)
    {
        private static readonly Dictionary<string, Solver> s_searches = new() { ["Newton"] = Search.Newton, ["Iteration"] = Search.Iteration, ["Descent"] = Search.Descent };

        protected override IReadOnlyList<(string Field, Computation Computation)> ComputationsOf(RootProblem problem) => [("problem", problem.Problem)];

        protected override void Write(RootProblem problem, Utf8JsonWriter json, IReadOnlyDictionary<ProgramPrimitive, int> programs)
        {
            json.WriteString("operation", problem.Operation);
            json.WriteString("search", s_searches.FirstOrDefault(search => search.Value == problem.Solver).Key
                ?? throw new AutodiffException($"ToJson: {problem.Operation} has a solver that is code of the program, which cannot be saved; one that searches by itself can."));
            if (problem.Control.MostSteps != IterationControl.UsualSteps)
            {
                json.WriteNumber("maxSteps", problem.Control.MostSteps);
            }
        }

        public override RootProblem Read(ProgramFields fields)
        {
            var (problem, search) = (fields.Read("problem"), fields.Fields.Text("search"));
            if (!s_searches.TryGetValue(search, out var solver))
            {
                throw fields.Fields.Error("search", $"there is no search {search}; it must be {string.Join(", ", s_searches.Keys)}.");
            }

            // A minimum has the gradient and the objective.
            if (problem.Parameters.Length == 0)
            {
                throw fields.Fields.Error("problem", "it has no unknown.");
            }

            var unknown = problem.Parameters[0].Shape;
            MustTake(fields.Fields, "problem", problem, Shapes(problem.Parameters), search == "Descent" ? [unknown, Shape.Scalar] : [unknown]);
            var mostSteps = fields.Fields.Has("maxSteps") ? fields.Fields.Whole("maxSteps", 1, int.MaxValue) : IterationControl.UsualSteps;
            return new(fields.Fields.Text("operation"), problem, solver, IterationControl.OfSearch("FromJson", mostSteps, null, default));
        }

        protected override IReadOnlyList<Shape> OperandsOf(RootProblem problem, Expr[] operands) => [.. Shapes(problem.Problem.Parameters)];

        protected override Expr Node(RootProblem problem, Expr[] operands) => problem.Node(operands);
    }

    private sealed class OfSpectralFunction() : ProgramForm<SpectralFunction>(Op.MatrixFunction)
    {
        protected override IReadOnlyList<(string Field, Computation Computation)> ComputationsOf(SpectralFunction function) => [("function", function.Family.Value)];

        protected override void Write(SpectralFunction function, Utf8JsonWriter json, IReadOnlyDictionary<ProgramPrimitive, int> programs)
        {
            json.WriteNumber("directions", function.Directions);
            json.WriteFlag("trace", function.IsTrace);
        }

        public override SpectralFunction Read(ProgramFields fields)
        {
            var (value, trace) = (fields.Read("function"), fields.Fields.Flag("trace"));
            if (value.Parameters.Length == 0 || !value.Parameters[0].IsScalar || value.Results.Length != 1 || !(trace || value.Results[0].IsScalar))
            {
                throw fields.Fields.Error("function", "it must take a number and parameters to a number.");
            }

            return new(new FunctionFamily(value), fields.Fields.Whole("directions", trace ? 1 : 0, int.MaxValue - 1), trace);
        }

        /// <summary>Matrices of one size, whose batches broadcast, and parameters that may all have the same first axes of the batch.</summary>
        protected override IReadOnlyList<Shape> OperandsOf(SpectralFunction function, Expr[] operands)
        {
            if (operands.Length != function.Matrices + function.Family.Parameters)
            {
                throw new ShapeException($"there are {operands.Length} operands, but the function takes {function.Matrices} matrices and {function.Family.Parameters} parameters.");
            }

            var size = Expr.SquareOf("MatrixFunction", operands[0]).Lengths[^2..].ToArray();
            var batch = Shape.Scalar;
            foreach (var matrix in operands[..function.Matrices])
            {
                batch = Shape.Broadcast(batch, Expr.BatchOf(Expr.SquareOf("MatrixFunction", matrix)), "MatrixFunction");
            }

            var prefix = Math.Clamp(function.PrefixRank(operands), 0, batch.Rank);
            return
            [
                .. operands[..function.Matrices].Select(matrix => Shape.Of([.. matrix.Shape.Lengths[..^2], .. size])),
                .. function.Family.Value.Parameters[1..].Select(parameter => Shape.Of([.. batch.Lengths[..prefix], .. parameter.Shape.Lengths])),
            ];
        }

        protected override Expr Node(SpectralFunction function, Expr[] operands) => function.Node(operands);
    }
}
