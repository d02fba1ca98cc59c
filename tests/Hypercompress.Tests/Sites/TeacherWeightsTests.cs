using Hypercompress.Analysis;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using Hypercompress.Surgery;
using Hypercompress.Tests.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Sites;

[NoTensorLeaks]
public sealed class TeacherWeightsTests
{
    [Fact]
    public void Read_WhileASlotHoldsAnotherMatrix_GivesTheTeachersOwn()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        using var scope = NewDisposeScope();
        var weights = new TeacherWeights(teacher);
        WeightSlot slot = teacher.Slots.First(slot => slot.Kind == WeightSlotKind.KeyValue);
        Site site = Site.Of(slot);
        using Tensor before = weights.Read(site);
        using var damaged = new DenseMatrix(zeros_like(before));
        using var swap = new TemporarySwap(teacher, slot.Name, damaged);
        using Tensor during = weights.Read(site);
        Assert.True(before.equal(during).all().item<bool>());
        Assert.True(during.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void Pose_WhileASlotHoldsAnotherMatrix_HasTheTeachersOwnAsTarget()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        using CalibrationStatistics statistics =
            new CalibrationPass(new CalibrationSettings()).Run(teacher, SampleModel.RandomWindows(8, 20));
        using var scope = NewDisposeScope();
        WeightSlot slot = teacher.Slots[^1];
        using var damaged = new DenseMatrix(zeros(slot.Matrix.Rows, slot.Matrix.Columns));
        using var swap = new TemporarySwap(teacher, slot.Name, damaged);
        using SiteProblem problem = statistics.Pose(statistics.Sites[^1]);
        Assert.True(problem.Target.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void Read_OfAnUnknownSite_Throws()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        var stranger = new Site("model.layers.9.mlp.up_proj", WeightSlotKind.Linear, 9, 24, 16);
        Assert.Throws<ArgumentException>(() => new TeacherWeights(teacher).Read(stranger));
    }
}
