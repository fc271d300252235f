using System.Reflection;
using Synfin.Testing;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>
/// The time lines again, with sequence numbers that wrap in their course: no comparison may care where a connection began.
/// </summary>
[Trait("Threat", "25")]
public sealed class WrapTests
{
    // Those that tell no absolute time.
    private static readonly Type[] TimeLines =
    [
        typeof(OpeningTests), typeof(ResetTests), typeof(ChallengeAckTests), typeof(ClosingTests), typeof(OrphanTests), typeof(FinTests),
        typeof(TimeWaitTests), typeof(TimestampTests), typeof(SegmentSizeTests), typeof(GivenTests), typeof(ListenTests),
        typeof(AcceptQueueTests),
    ];

    public static TheoryData<uint, uint> Wraps
    {
        get
        {
            var data = new TheoryData<uint, uint>();
            foreach (uint wrap in new[] { 0u, 1u << 31 })
            {
                foreach (uint before in new[] { 1u, 2u, 3u, 12u, 1000u }) data.Add(wrap - before, wrap - before);
                data.Add(wrap - 1, 12_345);
                data.Add(12_345, wrap - 1);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Wraps))]
    public void Every_time_line_holds_wherever_the_numbers_begin(uint peer, uint ours)
    {
        int run = 0;
        foreach (Type type in TimeLines)
        {
            foreach (MethodInfo timeLine in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                if (timeLine.GetCustomAttribute<FactAttribute>() is null || timeLine.GetParameters().Length > 0) continue;
                Run(timeLine, Activator.CreateInstance(type), (peer, ours));
                run++;
            }
        }
        Assert.True(run > 80, $"only {run} time lines were found");
    }

    private static void Run(MethodInfo timeLine, object? instance, (uint Peer, uint Ours) isns)
    {
        Given.Isns = isns;
        try
        {
            timeLine.Invoke(instance, null);
        }
        catch (TargetInvocationException e)
        {
            Assert.Fail($"{timeLine.DeclaringType!.Name}.{timeLine.Name} with ISNs {isns}: {e.InnerException}");
        }
        finally
        {
            Given.Isns = null;
        }
    }

    [Theory]
    [MemberData(nameof(Wraps))]
    public void The_numbers_begin_where_the_test_says(uint peer, uint ours)
    {
        Given.Isns = (peer, ours);
        try
        {
            Assert.Equal((peer, ours), Begin(Given.Established()));
            Assert.Equal((peer, ours), Begin(Given.SynSent().Sends("S seq 0")));
        }
        finally
        {
            Given.Isns = null;
        }
    }

    private static (uint Peer, uint Ours) Begin(Given given) => (given.PeerIsn.Value, given.OurIsn.Value);
}
