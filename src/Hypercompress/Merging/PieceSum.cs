using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Merging;

/// <summary>
/// Pieces whose sum stands for a matrix, during the fit to each other by block coordinate descent on J.
/// </summary>
internal sealed class PieceSum : IDisposable
{
    private readonly SiteProblem _problem;
    private readonly IReadOnlyList<Proposal> _proposals;
    private readonly Func<string, CompressionBranch> _branches;
    private readonly FormMatrix?[] _pieces;
    private readonly Tensor?[] _values;

    private PieceSum(SiteProblem problem, IReadOnlyList<Proposal> proposals, Func<string, CompressionBranch> branches)
    {
        (_problem, _proposals, _branches) = (problem, proposals, branches);
        (_pieces, _values) = (new FormMatrix?[proposals.Count], new Tensor?[proposals.Count]);
        Error = double.PositiveInfinity;
    }

    /// <summary>J of the sum, nats per token.</summary>
    public double Error { get; private set; }

    /// <summary>The pieces, in the order of the proposals; some may be the proposals' own matrices.</summary>
    public IReadOnlyList<FormMatrix> Pieces => [.. _pieces.Select(piece => piece!)];

    /// <summary>Fits proposals to each other from every order, and keeps the best.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="proposals">At least two; their matrices stay as they are and stay the caller's.</param>
    /// <param name="branches">Finds a branch by its name.</param>
    /// <param name="iterations">Sweeps over all pieces, at most.</param>
    /// <param name="tolerance">A sweep that improves J by a smaller share is the last one.</param>
    /// <returns>The best sum; dispose it, or detach its pieces with <see cref="TakePieces"/>.</returns>
    public static PieceSum Fit(
        SiteProblem problem,
        IReadOnlyList<Proposal> proposals,
        Func<string, CompressionBranch> branches,
        int iterations,
        double tolerance)
    {
        PieceSum? best = null;
        for (int first = 0; first < proposals.Count; first++)
        {
            var sum = new PieceSum(problem, proposals, branches);
            sum.Start(first);
            sum.Alternate(iterations, tolerance);
            if (best is null || sum.Error < best.Error)
            {
                (best, sum) = (sum, best);
            }

            sum?.Dispose();
        }

        return best!;
    }

    /// <summary>Hands the pieces over and releases the rest.</summary>
    /// <returns>The pieces, which the caller owns.</returns>
    public IReadOnlyList<FormMatrix> TakePieces()
    {
        IReadOnlyList<FormMatrix> pieces = Pieces;
        Array.Clear(_pieces);
        Dispose();
        return pieces;
    }

    /// <summary>Releases the values, and all pieces that are not the proposals' own.</summary>
    public void Dispose()
    {
        for (int index = 0; index < _pieces.Length; index++)
        {
            Drop(index);
        }
    }

    // The first piece as it was proposed, every further one against what those before it leave.
    private void Start(int first)
    {
        Put(first, _proposals[first].Matrix, _proposals[first].Matrix.Materialize());
        for (int index = 0; index < _proposals.Count; index++)
        {
            if (index != first)
            {
                using SiteProblem rest = _problem.WithTarget(Rest(index));
                FormMatrix piece = Solve(rest, index);
                Tensor values = piece.Materialize();
                Error = rest.Error(values);
                Put(index, piece, values);
            }
        }
    }

    private void Alternate(int iterations, double tolerance)
    {
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            double before = Error;
            for (int index = 0; index < _pieces.Length; index++)
            {
                Improve(index);
            }

            if (before - Error <= tolerance * before)
            {
                return;
            }
        }
    }

    private void Improve(int index)
    {
        using SiteProblem rest = _problem.WithTarget(Rest(index));
        FormMatrix piece = Solve(rest, index);
        Tensor values = piece.Materialize();
        double error = rest.Error(values);
        if (error < Error)
        {
            Error = error;
            Put(index, piece, values);
        }
        else
        {
            piece.Dispose();
            values.Dispose();
        }
    }

    private FormMatrix Solve(SiteProblem problem, int index) =>
        _branches(_proposals[index].Offer.Branch).Solve(problem, _proposals[index].Offer);

    private Tensor Rest(int except)
    {
        Tensor rest = _problem.Target.clone();
        for (int index = 0; index < _values.Length; index++)
        {
            if (index != except && _values[index] is { } values)
            {
                rest.sub_(values);
            }
        }

        return rest;
    }

    private void Put(int index, FormMatrix piece, Tensor values)
    {
        Drop(index);
        (_pieces[index], _values[index]) = (piece, values);
    }

    private void Drop(int index)
    {
        if (!ReferenceEquals(_pieces[index], _proposals[index].Matrix))
        {
            _pieces[index]?.Dispose();
        }

        _values[index]?.Dispose();
        (_pieces[index], _values[index]) = (null, null);
    }
}
