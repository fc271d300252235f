using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace RetryPolicy;

/// <summary>What is proved here: five seconds a try, and four more tries, 1, 2, 4 and 8 seconds apart.</summary>
internal static class Policy
{
    /// <param name="time">The clock: TimeProvider.System in production, the network's in a test.</param>
    /// <param name="onRetry">Is told of each try that failed and is to be repeated.</param>
    public static ResiliencePipeline<string> Create(TimeProvider time, Action<OnRetryArguments<string>> onRetry)
    {
        var retry = new RetryStrategyOptions<string>
        {
            MaxRetryAttempts = 4,
            Delay = TimeSpan.FromSeconds(1),
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = new PredicateBuilder<string>().Handle<HttpRequestException>().Handle<TimeoutRejectedException>(),
            OnRetry = arguments =>
            {
                onRetry(arguments);
                return default;
            },
        };
        return new ResiliencePipelineBuilder<string> { TimeProvider = time }
            .AddRetry(retry)
            .AddTimeout(TimeSpan.FromSeconds(5))
            .Build();
    }
}
