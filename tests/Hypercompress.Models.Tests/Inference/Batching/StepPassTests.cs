using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Inference.Batching;
using Hypercompress.Models.Inference.Layers;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Tests.Transformer;

namespace Hypercompress.Models.Tests.Inference.Batching;

public sealed class StepPassTests
{
    // Sequences of different lengths; the last ones are as long as a draft's proposals.
    private static readonly int[][] Texts = [[5, 9, 20, 31], [7], [12, 4, 8, 19, 17, 30, 2], [3, 3], [6, 1, 2, 40, 4, 8]];

    public static TheoryData<string> Checkpoints => DecoderParityTests.Checkpoints;

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Run_SeveralSequences_GivesEachTheBitsItHasAlone(string name) =>
        Compare(SharedFiles.Require($"golden/arch/{name}"), new CacheOptions());

    [Theory]
    [InlineData(CacheFormat.Byte, null)]
    [InlineData(CacheFormat.Single, null)]
    [InlineData(CacheFormat.Half, 16)]
    public void Run_OtherCaches_GivesEachTheBitsItHasAlone(CacheFormat format, int? tokens) => Compare(
        SharedFiles.Require("models/tinystories-656k-hf"), new CacheOptions { Format = format, Tokens = tokens });

    [Fact]
    public void Run_SequenceThatFails_LeavesTheOthersAsTheyAre()
    {
        using IntegerDecoder decoder = Load(SharedFiles.Require("models/tinystories-656k-hf"));
        using DecoderSession alone = decoder.Begin();
        float[] wanted = alone.Next([5, 9, 20]).ToArray();
        using var products = new MatrixProducts(decoder.Pool);
        using var broken = new AttentionPass(decoder.Config, decoder.Weights.Layers, products, new CacheOptions());
        using var sound = new AttentionPass(decoder.Config, decoder.Weights.Layers, products, new CacheOptions());
        using var pass = new StepPass(decoder.Config, decoder.Weights, decoder.Pool);
        using PassBuffer first = new(decoder.Config.VocabularySize), second = new(decoder.Config.VocabularySize);
        first.Reserve(1);
        second.Reserve(1);

        pass.Run([new SequenceStep("a", new PassPart(broken, [5, 9], 0, 2), first, 1)]);
        broken.Dispose();
        var failing = new PassPart(broken, [31], 2, 3);
        var other = new PassPart(sound, [5, 9, 20], 0, 3);
        pass.Run([new SequenceStep("a", failing, first, 1), new SequenceStep("b", other, second, 1)]);

        Assert.True(failing.HasFailed);
        Assert.Throws<ObjectDisposedException>(failing.ThrowIfFailed);
        Assert.False(other.HasFailed);
        Assert.Equal(wanted, Numbers(second, 1));
    }

    private static void Compare(string folder, CacheOptions cache)
    {
        using IntegerDecoder decoder = Load(folder);
        using var products = new MatrixProducts(decoder.Pool);
        using var pass = new StepPass(decoder.Config, decoder.Weights, decoder.Pool);
        DecoderSession[] alone = [.. Texts.Select(_ => decoder.Begin(cache))];
        AttentionPass[] together =
            [.. Texts.Select(_ => new AttentionPass(decoder.Config, decoder.Weights.Layers, products, cache))];
        PassBuffer[] logits = [.. Texts.Select(_ => new PassBuffer(decoder.Config.VocabularySize))];
        int[] lengths = new int[Texts.Length];
        for (int round = 0; round < 6; round++)
        {
            // In each round another one is left out, as if it had ended or not yet come.
            // Past the length where rotations change a sequence computes all of its text again, which is no step.
            int[] present =
            [
                .. Enumerable.Range(0, Texts.Length).Where(i =>
                    i != round && !(lengths[i] + Texts[i].Length > decoder.SwitchLength)),
            ];
            List<SequenceStep> steps = [];
            foreach (int i in present)
            {
                int before = lengths[i];
                lengths[i] += Texts[i].Length;
                logits[i].Reserve(Texts[i].Length);
                var part = new PassPart(together[i], [.. Texts[i]], before, lengths[i]);
                steps.Add(new SequenceStep(i, part, logits[i], Texts[i].Length));
            }

            pass.Run(steps);
            foreach (int i in present)
            {
                Assert.Equal(alone[i].All(Texts[i]), Numbers(logits[i], Texts[i].Length));
            }
        }

        Array.ForEach(alone, session => session.Dispose());
        Array.ForEach(together, attention => attention.Dispose());
        Array.ForEach(logits, buffer => buffer.Dispose());
    }

    private static unsafe float[] Numbers(PassBuffer buffer, int count) =>
        new ReadOnlySpan<float>(buffer.Start, count * buffer.Width).ToArray();

    private static IntegerDecoder Load(string folder)
    {
        using ITensorSource source = CheckpointFolder.Open(folder);
        return IntegerDecoder.Load(GoldenModel.Config(folder), source, 2);
    }
}
