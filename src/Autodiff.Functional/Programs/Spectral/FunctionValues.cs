// The values of the derivatives of a function of one number, with estimates of their rounding errors.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Programs;

/// <summary>
/// A number with an estimated rounding error of about 2⁻⁵³ times a size. The size exceeds the number's absolute value where terms cancelled.
/// </summary>
internal readonly record struct Inexact(double Value, double Size);

/// <summary>
/// The derivatives of a function in its number x, with the parameters of one place of a batch. Rounding errors are followed through the
/// computation to first order (J. H. Wilkinson's running error analysis): each operation rounds, and passes on the errors of its operands.
/// </summary>
internal sealed class FunctionValues(FunctionFamily family, Storage[] parameters, int place)
{
    private readonly List<Derived> _derivatives = [];
    private readonly Dictionary<(int Order, double X), Storage> _tensors = [];

    /// <summary>One component of the derivative of an order at x.</summary>
    public Inexact Derivative(int order, double x, int component)
    {
        while (_derivatives.Count <= order)
        {
            _derivatives.Add(new(family.Derivative(_derivatives.Count).Value, parameters, place));
        }

        var derivative = _derivatives[order];
        if (family.Shape.IsScalar)
        {
            return derivative.At(x);
        }

        // All components are computed together but requested one after another, so they are kept.
        if (!_tensors.TryGetValue((order, x), out var tensor))
        {
            tensor = derivative.TensorAt(x);
            _tensors.Add((order, x), tensor);
        }

        return new(tensor[component], Math.Abs(tensor[component]));
    }

    /// <summary>One derivative as a function of x, with the parameters fixed.</summary>
    private sealed class Derived
    {
        private readonly Computation _computation;
        private readonly Frame _frame;

        // For each slot the size of its rounding error, in units of 2⁻⁵³; 0 for the number and the parameters, which are exact.
        private readonly double[] _sizes;

        public Derived(Computation computation, Storage[] parameters, int place)
        {
            (_computation, _frame) = (computation, computation.Bytecode.NewFrame());
            _sizes = new double[computation.Parameters.Length + computation.Nodes.Length];
            for (var i = 0; i < parameters.Length; i++)
            {
                var shape = computation.Parameters[1 + i].Shape;
                _frame.Set(1 + i, parameters[i].View(shape, place * shape.Size));
            }
        }

        public Inexact At(double x)
        {
            Run(x);
            for (var i = 0; i < _computation.Nodes.Length; i++)
            {
                _sizes[_computation.Parameters.Length + i] = SizeOf(_computation.Nodes[i], _computation.OperandSlots[i], _frame.Numbers[_computation.Parameters.Length + i]);
            }

            var value = _computation.Bytecode.Number(_frame, 0);
            return new(value, _computation.ResultSlots[0] is var slot and >= 0 ? Math.Max(_sizes[slot], Math.Abs(value)) : Math.Abs(value));
        }

        public Storage TensorAt(double x)
        {
            Run(x);
            return _computation.Bytecode.Result(_frame, 0);
        }

        private void Run(double x)
        {
            _frame.Numbers[0] = x;
            _computation.Bytecode.Run(_frame);
        }

        private double SizeOf(Expr node, ReadOnlySpan<int> slots, double value)
        {
            var size = Math.Abs(value);
            for (var i = 0; i < slots.Length && node.IsOnNumbers; i++)
            {
                if (slots[i] != Computation.ConstantSlot && _sizes[slots[i]] > 0)
                {
                    size += Math.Abs(Slope(node, i, slots, value)) * _sizes[slots[i]];
                }
            }

            return size;
        }

        /// <summary>
        /// The derivative of an elementwise node in an operand; 0 for the order and shape parameters of special functions, which have no
        /// derivative rule.
        /// </summary>
        private double Slope(Expr node, int operand, ReadOnlySpan<int> slots, double value)
        {
            var op = node.Op;
            if (op == Op.StopGradient)
            {
                return 1;
            }

            if ((operand == 0 && (op.HasOrder() || op is Op.GammaP or Op.GammaQ)) || (operand == 1 && op == Op.GammaDensity))
            {
                return 0;
            }

            var (a, b, c) = (Operand(node, 0, slots), Operand(node, 1, slots), Operand(node, 2, slots));
            return slots.Length switch
            {
                1 => ElementwiseTable.UnaryDerivative<Real>(op, a, value).Selected.Value,
                2 => ElementwiseTable.BinaryDerivative<Real>(op, operand, a, b, value).Selected.Value,
                _ => ElementwiseTable.TernaryDerivative<Real>(op, operand, a, b, c).Selected.Value,
            };
        }

        private double Operand(Expr node, int operand, ReadOnlySpan<int> slots) => operand >= slots.Length ? 0
            : slots[operand] == Computation.ConstantSlot ? node.Operand(operand).Scalar
            : _frame.Numbers[slots[operand]];
    }
}
