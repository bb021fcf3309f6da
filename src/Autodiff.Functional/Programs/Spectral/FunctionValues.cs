// The values of the derivatives of a function of one number, with estimates of their rounding errors.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Programs;

/// <summary>The derivatives of a function in its number x, with the parameters of one place of a batch.</summary>
internal sealed class FunctionValues(FunctionFamily family, Storage[] parameters, int place)
{
    private readonly List<(Bytecode Code, Frame Frame)> _derivatives = [];
    private readonly Dictionary<(int Order, double X), (Storage Values, Storage Sizes)> _tensors = [];

    public int Place => place;

    /// <summary>One component of the derivative of an order at x.</summary>
    public Inexact Derivative(int order, double x, int component)
    {
        while (_derivatives.Count <= order)
        {
            _derivatives.Add(Prepared(family.Estimated(_derivatives.Count)));
        }

        var (code, frame) = _derivatives[order];
        if (family.Shape.IsScalar)
        {
            frame.Numbers[0] = x;
            code.Run(frame);
            return new(code.Number(frame, 0), code.Number(frame, 1));
        }

        // All components are computed together but requested one after another, so they are kept.
        if (!_tensors.TryGetValue((order, x), out var tensors))
        {
            frame.Numbers[0] = x;
            code.Run(frame);
            _tensors.Add((order, x), tensors = (code.Result(frame, 0), code.Result(frame, 1)));
        }

        return new(tensors.Values[component], tensors.Sizes[component]);
    }

    private (Bytecode Code, Frame Frame) Prepared(Computation computation)
    {
        var frame = computation.Bytecode.NewFrame();
        for (var i = 0; i < parameters.Length; i++)
        {
            var shape = computation.Parameters[1 + i].Shape;
            frame.Set(1 + i, parameters[i].View(shape, place * shape.Size));
        }

        return (computation.Bytecode, frame);
    }
}
