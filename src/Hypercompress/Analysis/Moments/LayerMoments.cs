using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Analysis.Moments;

/// <summary>
/// The second moments of the inputs of one layer: as they were summed, or in the file that keeps them for a run that is
/// stopped.
/// </summary>
internal sealed class LayerMoments : IDisposable
{
    private readonly List<Group> _groups = [];
    private readonly ITensorSource? _file;
    private bool _isTaken;

    /// <summary>An empty set.</summary>
    /// <param name="file">Where moments are read from, owned by this; null where they are in memory.</param>
    internal LayerMoments(ITensorSource? file = null) => _file = file;

    /// <summary>What sites share a moment, and the tokens that it was averaged over.</summary>
    internal IEnumerable<(ImmutableArray<string> Sites, long Tokens)> Groups =>
        _groups.Select(group => (group.Sites, group.Tokens));

    /// <summary>The moments that are in memory, float64 [n, n], by the first of the sites that share them.</summary>
    internal IEnumerable<(string Leader, Tensor Moment)> Summed =>
        _groups.Select(group => (group.Sites[0], group.Moment!.Moment));

    /// <summary>Adds a moment that was summed.</summary>
    /// <param name="sites">Names of the sites that read these inputs; at least one.</param>
    /// <param name="moment">Owned by this from here on.</param>
    internal void AddSummed(ImmutableArray<string> sites, InputMoment moment) =>
        _groups.Add(new Group(sites, moment.Tokens, moment, string.Empty));

    /// <summary>Adds a moment that is in the file.</summary>
    /// <param name="sites">Names of the sites that read these inputs; at least one.</param>
    /// <param name="tokens">Tokens that it was averaged over.</param>
    /// <param name="tensor">Its name in the file.</param>
    internal void AddStored(ImmutableArray<string> sites, long tokens, string tensor) =>
        _groups.Add(new Group(sites, tokens, null, tensor));

    /// <summary>Hands the moments over.</summary>
    /// <param name="moments">Owns them, and the file, from here on.</param>
    internal void MoveTo(CalibrationMoments moments)
    {
        _isTaken = true;
        foreach (Group group in _groups)
        {
            if (group.Moment is { } summed)
            {
                moments.Inputs.Add(group.Sites, summed);
            }
            else
            {
                long width = _file!.Tensors[group.Tensor].Shape[0];
                moments.Inputs.Add(group.Sites, width, group.Tokens, CPU, () => _file.Read(group.Tensor));
            }
        }

        if (_file is not null)
        {
            moments.Sources.Add(_file);
        }
    }

    /// <summary>Releases what was not handed over.</summary>
    public void Dispose()
    {
        if (!_isTaken)
        {
            _groups.ForEach(group => group.Moment?.Dispose());
            _file?.Dispose();
        }
    }

    private sealed record Group(ImmutableArray<string> Sites, long Tokens, InputMoment? Moment, string Tensor);
}
