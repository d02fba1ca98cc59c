using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>What a low-rank form multiplies by while directions are chosen, in place of its own factors.</summary>
/// <param name="Up">The second factor, float32 [directions, rows]; owned by the training.</param>
/// <param name="Down">The first factor, float32 [directions, columns]; owned by the training.</param>
/// <param name="Kept">1 for each direction that is kept, 0 for the others; owned by the training.</param>
/// <param name="OwnsDown">Whether the form stores the first factor, and does not read it from another.</param>
internal sealed record GradualFactor(Parameter Up, Parameter Down, Tensor Kept, bool OwnsDown)
{
    /// <summary>The parameters of the form.</summary>
    public IReadOnlyList<Parameter> Parameters => OwnsDown ? [Up, Down] : [Up];

    /// <summary>The first factor times an input.</summary>
    /// <param name="x">[..., columns].</param>
    /// <returns>[..., directions], in the caller's scope.</returns>
    public Tensor Encode(Tensor x) => LinearProduct.Of(x, Down);

    /// <summary>The second factor times a latent.</summary>
    /// <param name="latent">[..., directions].</param>
    /// <returns>[..., rows], in the caller's scope.</returns>
    public Tensor Decode(Tensor latent)
    {
        using var scope = NewDisposeScope();
        return LinearProduct.Of(latent, (Up * Kept.unsqueeze(1)).t()).MoveToOuterDisposeScope();
    }

    /// <summary>Some rows of the matrix.</summary>
    /// <param name="ids">int64 [...].</param>
    /// <returns>[..., columns], in the caller's scope.</returns>
    public Tensor Gather(Tensor ids)
    {
        using var scope = NewDisposeScope();
        Tensor latent = (Up * Kept.unsqueeze(1)).index_select(1, ids.reshape(-1)).t();
        return latent.matmul(Down).reshape([.. ids.shape, Down.shape[1]]).MoveToOuterDisposeScope();
    }
}
