using System.Runtime.CompilerServices;
using Synfin.Runtime;
using Synfin.Simulation.Faults;

namespace Synfin.Simulation;

/// <summary>Tests whose failures explain themselves, in whatever test framework.</summary>
public sealed partial class SimulatedNetwork
{
    private static readonly TimeSpan s_realTimeLimit = TimeSpan.FromSeconds(60);

    // What frameworks throw to skip a test, or to end it in another way than by failing. They look at the type, so it is not wrapped.
    private static readonly string[] s_otherVerdicts =
        ["SkipException", "IgnoreException", "InconclusiveException", "SuccessException", "AssertInconclusiveException"];

    /// <summary>
    /// Runs the body of a test. If it throws, or leaves a fault that was never applied and is not <see cref="SegmentRule.Optional"/>,
    /// throws <see cref="SimulationFailedException"/>, whose message tells what the network saw.
    /// </summary>
    /// <param name="body">
    /// The test. In strict mode it runs on the calling thread, and calls Run methods itself; in hosted mode on the thread pool.
    /// </param>
    /// <param name="realTimeLimit">Hosted mode: how long it may take in real time; null for a minute.</param>
    /// <param name="name">The test's name, for the file with the packets; the compiler fills it in.</param>
    /// <exception cref="SimulationFailedException">Around the body's exception, if there is one.</exception>
    public void Test(Action body, TimeSpan? realTimeLimit = null, [CallerMemberName] string name = "")
    {
        ArgumentNullException.ThrowIfNull(body);
        if (Gate.IsShared)
        {
            TestHosted(() => Task.Run(body), realTimeLimit, name).GetAwaiter().GetResult();
            return;
        }
        try
        {
            body();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Failed(e, name);
        }
        VerifyFaults(name);
    }

    /// <summary>
    /// Runs the body of a test as <see cref="Test(Action, TimeSpan?, string)"/> does. In strict mode the body is application code that
    /// belongs to no host: the network runs until it is complete, and this call returns then.
    /// </summary>
    /// <param name="body">The test.</param>
    /// <param name="realTimeLimit">Hosted mode: how long it may take in real time; null for a minute.</param>
    /// <param name="name">The test's name, for the file with the packets; the compiler fills it in.</param>
    /// <exception cref="SimulationFailedException">Around the body's exception, if there is one.</exception>
    public Task TestAsync(Func<Task> body, TimeSpan? realTimeLimit = null, [CallerMemberName] string name = "")
    {
        ArgumentNullException.ThrowIfNull(body);
        if (Gate.IsShared) return TestHosted(body, realTimeLimit, name);
        try
        {
            Test(() => RunUntilComplete(body), realTimeLimit, name);
            return Task.CompletedTask;
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }

    /// <summary>Everything that was placed to happen, with how often it did.</summary>
    internal IEnumerable<IFault> AllFaults => _rules.Concat(_hosts.SelectMany(host => host.AllFaults));

    private async Task TestHosted(Func<Task> body, TimeSpan? realTimeLimit, string name)
    {
        TimeSpan limit = realTimeLimit ?? s_realTimeLimit;
        try
        {
            Task test = Task.Run(body);
            try
            {
                await test.WaitAsync(limit).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!test.IsCompleted)
            {
                throw TooLate(limit);
            }
            CheckFailures();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Failed(e, name);
        }
        VerifyFaults(name);
    }

    /// <summary>Virtual time may have come to its end, or real code waits for something that does not come.</summary>
    private TimeoutException TooLate(TimeSpan limit)
    {
        using StackGate.Visit visit = Enter(nameof(Test));
        return new TimeoutException($"the test was not over after {limit.TotalSeconds:0.###} s of real time\n{Describe()}");
    }

    private static bool IsFailure(Exception e) =>
        e is not SimulationFailedException && Array.IndexOf(s_otherVerdicts, e.GetType().Name) < 0;

    private SimulationFailedException Failed(Exception cause, string name)
    {
        using StackGate.Visit visit = Enter(nameof(Test));
        return FailureReport.Make(this, cause.Message, cause, name);
    }

    private void VerifyFaults(string name)
    {
        using StackGate.Visit visit = Enter(nameof(Test));
        List<IFault> absent = [.. AllFaults.Where(fault => fault.Applied == 0 && !fault.Optional)];
        if (absent.Count == 0) return;
        IEnumerable<string> lines = absent.Select(fault => $"{fault.Title} was never applied: {fault.ExplainAbsence()}.");
        const string Advice = "If a test may do without a fault, set its Optional.";
        throw FailureReport.Make(this, string.Join('\n', lines.Append(Advice)), cause: null, name);
    }
}
