using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches;

/// <summary>Rules that the offers of every branch with ranks obey.</summary>
internal static class OfferChecks
{
    /// <summary>More than five offers: each stores the bytes that it names, and more bytes mean less error.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="problem">A site that it handles.</param>
    public static void StoreTheirBytesAndErrorFallsAsBytesRise(CompressionBranch branch, SiteProblem problem)
    {
        Offer[] offers = [.. branch.MakeOffers(problem, [FloatFormat.Float16]).OrderBy(offer => offer.Bytes)];
        Assert.True(offers.Length > 5);
        double last = problem.Energy();
        foreach (Offer offer in offers)
        {
            using var scope = NewDisposeScope();
            using FormMatrix form = branch.Solve(problem, offer);
            double error = problem.Error(form.Materialize());
            long stored = form.Store("s").Sum(tensor => tensor.Value.numel() * tensor.Value.element_size());
            Assert.Equal(offer.Bytes, stored);
            Assert.True(error < last, $"{offer.Bytes} bytes: {error} after {last}");
            last = error;
        }
    }
}
