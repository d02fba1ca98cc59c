using Hypercompress.Analysis;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Tests.Pipeline;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis;

/// <summary>
/// Passes on a device that is not the processor: libtorch's <c>meta</c> device computes shapes alone, and refuses to
/// mix its tensors with those of another device, as a GPU does. It has no look-ups, so passes begin after the
/// embedding.
/// </summary>
public sealed class OneDeviceTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private static readonly Device Meta = new(DeviceType.META);

    [Fact]
    public void Passes_Teacher_StayOnItsDevice()
    {
        using ModelPackage package = ModelPackage.Open(tiny.Model);
        using LanguageModel model = LanguageModel.Load(package);
        RequireOneDevice(model.Decoder);
    }

    [Fact]
    public void Passes_Student_StayOnItsDevice()
    {
        using OpenModel student = OpenModel.Open(tiny.Artifact, new BranchRegistry().CreateCatalog());
        RequireOneDevice(student.Model.Decoder);
    }

    private static void RequireOneDevice(DecoderModel model)
    {
        model.MoveTo(Meta);
        using var scope = NewDisposeScope();
        Tensor entered = zeros(2, 12, model.Config.HiddenSize, device: Meta);
        using (no_grad())
        {
            var taps = new DeviceTap();
            using var inputs = new InputTap(skipPositions: 1);
            Tensor states = entered;
            for (int layer = 0; layer < model.Config.Layers; layer++)
            {
                taps.Require(model.RunLayer(layer, states, inputs));
                states = model.RunLayer(layer, states, taps);
            }

            taps.Require(model.Logits(model.Leave(states), taps));
            Assert.All(inputs.Sums, sum => taps.Require(sum.Sum.Mean()));
            Assert.True(taps.Count > model.Config.Layers);
        }

        RequireGradients(model, entered);
    }

    private static void RequireGradients(DecoderModel model, Tensor states)
    {
        using var fisher = new FisherTap(skipPositions: 1, keepsMoments: true);
        using (enable_grad())
        {
            Tensor entered = states.detach().requires_grad_(true);
            Tensor output = model.RunLayer(0, entered, fisher);
            Tensor gradient = fisher.Backward(output, ones_like(output), entered, firstWindow: 0);
            Assert.Equal(DeviceType.META, gradient.device_type);
        }
    }

    private sealed class DeviceTap : IForwardTap
    {
        public int Count { get; private set; }

        public void OnApplied(WeightSlot slot, Tensor input, Tensor output) => Require(output);

        public void OnGathered(WeightSlot slot, Tensor ids, Tensor output) => Require(output);

        public void OnLayer(int layer, Tensor hidden) => Require(hidden);

        public void Require(Tensor made)
        {
            Count++;
            Assert.Equal(DeviceType.META, made.device_type);
        }
    }
}
