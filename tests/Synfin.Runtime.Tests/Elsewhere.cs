namespace Synfin.Runtime.Tests;

/// <summary>Does something on a thread of its own and waits for its end.</summary>
internal static class Elsewhere
{
    public static void Run(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw new InvalidOperationException("on the other thread: " + failure.Message, failure);
    }
}
