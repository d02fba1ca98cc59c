using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Benchmarks.Gguf;

/// <summary>
/// A teacher off the 4-bit grid on which a model was published: every linear weight gets uniform noise of one step of
/// its block of 32, between −½ and ½ of it. Quantizers that happen to use the same grid are not flattered then.
/// </summary>
internal static class NoisyTeacher
{
    private const int Block = 32;
    private const int Steps = 15;

    /// <summary>Writes the teacher in half precision.</summary>
    /// <param name="model">A model whose linear weights were rounded to Q4_1.</param>
    /// <param name="file">A <c>.gguf</c> file.</param>
    /// <param name="seed">Seed of the noise.</param>
    public static void Write(string model, string file, ulong seed)
    {
        using var noGrad = no_grad();
        using OpenModel opened = OpenModel.Open(model, new BranchRegistry().CreateCatalog());
        using var generator = new Generator(seed);
        foreach (WeightSlot slot in opened.Model.Decoder.Slots.Where(slot => slot.Kind != WeightSlotKind.Embedding))
        {
            using var scope = NewDisposeScope();
            Tensor weight = slot.Matrix.Parameters.Single();
            Tensor blocks = weight.view(-1, Block);
            Tensor step = (blocks.amax([1], keepdim: true) - blocks.amin([1], keepdim: true)) / Steps;
            Tensor noise = rand(blocks.shape[0], Block, generator: generator) - 0.5f;
            blocks.add_(noise * step);
        }

        new GgufModelWriter(
            opened.Model.Decoder, opened.Config, opened.SideFiles, "noisy", GgmlType.F16).Write(file);
    }
}
